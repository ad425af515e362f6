import { announce } from '#sandbox/slack/feed.ts';
import { newId } from '#sandbox/slack/ids.ts';
import { showChannel } from '#sandbox/slack/page-state.ts';
import type { Channel, Workspace } from '#sandbox/slack/workspace.ts';

/** By ID, or by name with or without `#`; posting takes both. */
export function findChannel({ channels }: Workspace, idOrName: string): Channel | undefined {
  const name = idOrName.replace(/^#/, '');
  return channels.get(idOrName) ?? [...channels.values()].find((one) => one.name === name);
}

export function changeChannel(workspace: Workspace, channel: Channel): Channel {
  workspace.channels.set(channel.id, channel);
  announce(
    workspace.feed,
    (userId) => channel.members.includes(userId),
    (userId) => ({ what: 'channel_changed', channel: showChannel(workspace, channel, userId) }),
  );
  return channel;
}

/** The conversation between two, which exists from the first time anybody needs it. */
export function directChannel(workspace: Workspace, one: string, other: string): Channel {
  const found = [...workspace.channels.values()].find(
    ({ kind, members }) => kind === 'direct' && members.includes(one) && members.includes(other),
  );
  if (found) return found;
  return changeChannel(workspace, {
    id: newId(workspace, 'D'),
    name: 'direct',
    topic: '',
    kind: 'direct',
    members: [one, other],
    archived: false,
    shared: false,
  });
}
