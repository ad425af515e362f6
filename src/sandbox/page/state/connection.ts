/** The page's line to the stand-in: the state once, then its changes, and what the person does. */
import type {
  ActAnswer,
  Click,
  Close,
  Command,
  Home,
  Options,
  OptionsAnswer,
  PageChange,
  PageState,
  Say,
  SayAnswer,
  Select,
  Shortcut,
  Submit,
  SubmitAnswer,
} from '#sandbox/protocol.ts';

export type Connection = { readonly close: () => void };

export type Listener = {
  readonly state: (state: PageState) => void;
  readonly changes: (changes: readonly PageChange[]) => void;
  readonly line: (line: Line) => void;
  /** Nobody of that name works here, as after a change of the workspace. */
  readonly unknown: () => void;
};

/** `connecting` until the first state, `lost` while the server cannot be reached. */
export type Line = 'connecting' | 'open' | 'lost';

const RETRY_MS = 1_000;
/** Changes that come in a burst are drawn as one; a single one waits less than a frame. */
const GATHER_MS = 8;

/** The browser reconnects a cut stream by itself; only what it gives up on is begun again here. */
export function connect(person: string, listener: Listener): Connection {
  let source: EventSource | undefined;
  let closed = false;
  let gathered: PageChange[] = [];
  const gather = (change: PageChange) => {
    if (gathered.length === 0) setTimeout(handOver, GATHER_MS);
    gathered.push(change);
  };
  const handOver = () => {
    const changes = gathered;
    gathered = [];
    if (!closed && changes.length > 0) listener.changes(changes);
  };
  const later = () => setTimeout(() => !closed && start(), RETRY_MS);

  const start = async () => {
    source?.close();
    const state = await fetchState(person);
    if (closed) return;
    if (state === 'unknown') {
      listener.unknown();
      return;
    }
    if (!state) {
      listener.line('lost');
      later();
      return;
    }
    gathered = [];
    listener.state(state);
    const stream = new EventSource(`/sandbox/events?as=${state.me.id}&after=${state.seq}`);
    source = stream;
    stream.onopen = () => listener.line('open');
    stream.onerror = () => {
      listener.line('lost');
      if (stream.readyState === EventSource.CLOSED) later();
    };
    stream.addEventListener('change', (event: MessageEvent<string>) => {
      const change: PageChange = JSON.parse(event.data);
      if (change.what === 'start_over') start();
      else gather(change);
    });
  };

  start();
  return {
    close: () => {
      closed = true;
      source?.close();
    },
  };
}

async function fetchState(person: string): Promise<PageState | 'unknown' | undefined> {
  const response = await fetch(`/sandbox/state?as=${encodeURIComponent(person)}`).catch(() => null);
  if (response?.status === 400) return 'unknown';
  return response?.ok ? response.json() : undefined;
}

export const say = (body: Say) => post<SayAnswer>('say', body);
export const sendCommand = (body: Command) => post<ActAnswer>('command', body);
export const sendClick = (body: Click) => post<ActAnswer>('click', body);
export const sendSelect = (body: Select) => post<ActAnswer>('select', body);
export const fetchOptions = (body: Options) => post<OptionsAnswer>('options', body);
export const sendSubmit = (body: Submit) => post<SubmitAnswer>('submit', body);
export const sendClose = (body: Close) => post<ActAnswer>('close', body);
export const sendShortcut = (body: Shortcut) => post<ActAnswer>('shortcut', body);
export const openHome = (body: Home) => post<ActAnswer>('home', body);

type Unreached = { readonly ok: false; readonly error: 'sandbox_gone'; readonly detail: string };

async function post<Answer>(act: string, body: object): Promise<Answer | Unreached> {
  try {
    const response = await fetch(`/sandbox/${act}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return await response.json();
  } catch {
    return { ok: false, error: 'sandbox_gone', detail: '' };
  }
}
