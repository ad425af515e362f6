/** The live workspace of whoever one acts as, and what that person has read. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { connect, type Line } from './connection.ts';
import { findUnread, markRead, type ReadMarks } from './unread.ts';
import { applyChange, readState, type Workspace } from './workspace.ts';

type WorkspaceDeps = {
  readonly person: string;
  readonly nowMs: () => number;
  readonly unknown: () => void;
};

export function useWorkspace({ person, nowMs, unknown }: WorkspaceDeps) {
  const [workspace, setWorkspace] = useState<Workspace>();
  const [line, setLine] = useState<Line>('connecting');
  const [marks, setMarks] = useState<ReadMarks>(new Map());
  const [openedTs, setOpenedTs] = useState('');
  const aheadMs = useRef(0);

  useEffect(() => {
    const connection = connect(person, {
      state: (state) => {
        aheadMs.current = state.nowMs - nowMs();
        setOpenedTs((before) => before || (state.nowMs / 1000).toFixed(6));
        setWorkspace(readState(state));
        setLine('open');
      },
      changes: (changes) => {
        setWorkspace((before) => before && changes.reduce(applyChange, before));
      },
      line: setLine,
      unknown,
    });
    return connection.close;
  }, [person]);

  /** The server's clock, since its messages carry its times. */
  const clock = useCallback(() => nowMs() + aheadMs.current, []);
  const unread = useMemo(
    () => (workspace ? findUnread(workspace, marks, openedTs) : new Map()),
    [workspace, marks, openedTs],
  );
  const read = useCallback(
    (channel: string) => {
      if (!workspace) return;
      const messages = workspace.messages.get(channel) ?? [];
      setMarks((before) => markRead(before, workspace.me.id, channel, messages));
    },
    [workspace],
  );
  const readTsOf = (channel: string) => marks.get(`${person} ${channel}`) ?? openedTs;
  return { workspace, line, clock, unread, read, readTsOf };
}
