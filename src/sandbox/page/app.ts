/** The whole page: who one is, what is open, and what stands beside what. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { AskingAllowed } from './blocks/confirm.ts';
import { Modal } from './blocks/modal.ts';
import { HOME } from './chat/rail.ts';
import { Desk } from './desk.ts';
import { html } from './html.ts';
import { Reader, type ReaderContext } from './state/reader.ts';
import { recall, remember } from './state/remember.ts';
import type { Unread } from './state/unread.ts';
import { useWorkspace } from './state/use-workspace.ts';

/** Whom a newcomer acts as before they choose. */
const NEWCOMER = 'U0ANA';

export function App({ nowMs }: { nowMs: () => number }) {
  const [person, setPerson] = useState(() => recall('person') ?? NEWCOMER);
  const { workspace, line, clock, unread, read, readTsOf } = useWorkspace({
    person,
    nowMs,
    unknown: () => setPerson(NEWCOMER),
  });
  const [open, setOpen] = useState(() => recall('channel') ?? '');

  const openChannel = useCallback((id: string) => {
    setOpen(id);
    remember('channel', id);
  }, []);
  const actAs = useCallback((id: string) => {
    setPerson(id);
    remember('person', id);
  }, []);
  const reader = useMemo<ReaderContext | undefined>(() => {
    if (!workspace) return undefined;
    const { me, people, groups, channels } = workspace;
    return { me, people, groups, channels, clock, openChannel };
  }, [workspace?.me, workspace?.people, workspace?.groups, workspace?.channels]);

  const mine = workspace?.channels.filter(({ members }) => members.includes(workspace.me.id)) ?? [];
  const channel = mine.find(({ id }) => id === open) ?? mine[0];
  const isHome = open === HOME && workspace?.app.homeTab === true;
  const readTs = useReadingPlace(`${person} ${channel?.id}`, () => readTsOf(channel?.id ?? ''));
  useEffect(() => {
    if (channel && !isHome) read(channel.id);
  }, [channel?.id, isHome, read]);

  useTitle(workspace?.team.name, unread);

  if (!workspace || !reader) return html`<${Waiting} isLost=${line === 'lost'} />`;
  return html`<${Reader.Provider} value=${reader}><${AskingAllowed}>
    <${Desk} ...${{ workspace, channel, isHome, unread, readTs, openChannel, actAs }} />
    ${line === 'lost' && html`<p class="lost" role="status">The sandbox does not answer. Trying again…</p>`}
    ${workspace.modals.map((view, depth) => {
      return html`<${Modal} key=${view.id} view=${view} as=${workspace.me.id} depth=${depth} />`;
    })}
  </${AskingAllowed}></${Reader.Provider}>`;
}

function Waiting({ isLost }: { isLost: boolean }) {
  return html`<main class="waiting" role="status">
    <p>${isLost ? 'The sandbox does not answer. Trying again…' : 'Opening the workspace…'}</p>
  </main>`;
}

/** Says in the browser's tab how many messages wait. */
function useTitle(team: string | undefined, unread: ReadonlyMap<string, Unread>): void {
  const waiting = [...unread.values()].reduce((sum, { count }) => sum + count, 0);
  useEffect(() => {
    if (team) document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${team}, Signalman sandbox`;
  }, [team, waiting]);
}

/** The “New” line stays where it was on arrival, although what is seen counts as read at once. */
function useReadingPlace(at: string, findReadTs: () => string): string {
  const place = useRef({ at: '', ts: '' });
  if (place.current.at !== at) place.current = { at, ts: findReadTs() };
  return place.current.ts;
}
