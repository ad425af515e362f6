/**
 * What one person sees, and how each change alters it. Plain data; untouched parts stay the same
 * objects, so that what did not change is not drawn again.
 */
import type { PageChange, PageState, ShownChannel, ShownMessage } from '#sandbox/protocol.ts';

export type Workspace = Omit<PageState, 'messages' | 'seq' | 'nowMs'> & {
  /** By channel, oldest first, replies included. */
  readonly messages: ReadonlyMap<string, readonly ShownMessage[]>;
};

export function readState(state: PageState): Workspace {
  const messages = new Map<string, ShownMessage[]>();
  for (const message of state.messages) {
    const list = messages.get(message.channel);
    if (list) list.push(message);
    else messages.set(message.channel, [message]);
  }
  for (const list of messages.values()) list.sort(byTs);
  return { ...state, messages };
}

export function applyChange(workspace: Workspace, change: PageChange): Workspace {
  switch (change.what) {
    case 'message_posted':
    case 'message_changed':
      return withMessages(workspace, change.message.channel, (list) => put(list, change.message));
    case 'message_deleted':
      return withMessages(workspace, change.channel, (list) => {
        return list.filter(({ ts }) => ts !== change.ts);
      });
    case 'modals_changed':
      return { ...workspace, modals: change.modals };
    case 'home_changed':
      return { ...workspace, home: change.home };
    case 'channel_changed':
      return { ...workspace, channels: putChannel(workspace.channels, change.channel) };
    case 'start_over':
      return workspace;
  }
}

const byTs = (a: ShownMessage, b: ShownMessage) => (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0);

function withMessages(
  workspace: Workspace,
  channel: string,
  edit: (list: readonly ShownMessage[]) => readonly ShownMessage[],
): Workspace {
  const messages = new Map(workspace.messages);
  messages.set(channel, edit(workspace.messages.get(channel) ?? []));
  return { ...workspace, messages };
}

/** Nearly every message is the newest, so the common case is an append. */
function put(list: readonly ShownMessage[], message: ShownMessage): readonly ShownMessage[] {
  const at = list.findIndex(({ ts }) => ts === message.ts);
  if (at >= 0) return list.with(at, message);
  const last = list.at(-1);
  if (!last || last.ts < message.ts) return [...list, message];
  return [...list, message].sort(byTs);
}

function putChannel(channels: readonly ShownChannel[], channel: ShownChannel) {
  const at = channels.findIndex(({ id }) => id === channel.id);
  return at < 0 ? [...channels, channel] : channels.with(at, channel);
}

/** What stands in the channel itself: everything but replies that stayed in their thread. */
export function inChannel(messages: readonly ShownMessage[]): readonly ShownMessage[] {
  return messages.filter(({ ts, threadTs, broadcast }) => {
    return threadTs === undefined || threadTs === ts || broadcast;
  });
}

export function inThread(messages: readonly ShownMessage[], threadTs: string) {
  return messages.filter((message) => message.ts === threadTs || message.threadTs === threadTs);
}
