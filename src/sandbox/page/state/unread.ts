/** What each person has not seen yet. Kept by the page alone, for as long as it is open. */
import type { ShownMessage } from '#sandbox/protocol.ts';
import { wholeText } from './whole-text.ts';
import { inChannel, type Workspace } from './workspace.ts';

/** By person and channel: the `ts` up to which everything was seen. */
export type ReadMarks = ReadonlyMap<string, string>;

export type Unread = { readonly count: number; readonly mentions: number };

const keyOf = (person: string, channel: string) => `${person} ${channel}`;

export function markRead(
  marks: ReadMarks,
  person: string,
  channel: string,
  messages: readonly ShownMessage[],
): ReadMarks {
  const last = messages.at(-1)?.ts;
  const key = keyOf(person, channel);
  if (!last || last <= (marks.get(key) ?? '')) return marks;
  return new Map(marks).set(key, last);
}

/** A person looked at for the first time has seen all that was there when the page was opened. */
export function findUnread(
  workspace: Workspace,
  marks: ReadMarks,
  openedTs: string,
): ReadonlyMap<string, Unread> {
  const { me, groups } = workspace;
  const mine = groups.filter(({ members }) => members.includes(me.id)).map(({ id }) => id);
  const callsMe = new RegExp(`<(@${me.id}|!subteam\\^(${mine.join('|') || '-'})|!here|!channel)`);
  const found = new Map<string, Unread>();
  for (const { id } of workspace.channels) {
    const seen = marks.get(keyOf(me.id, id)) ?? openedTs;
    const fresh = inChannel(workspace.messages.get(id) ?? []).filter(({ ts, by }) => {
      return ts > seen && by !== me.id;
    });
    const mentions = fresh.filter((message) => callsMe.test(wholeText(message)));
    found.set(id, { count: fresh.length, mentions: mentions.length });
  }
  return found;
}
