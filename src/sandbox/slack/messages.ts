import type { ShownMessage } from '#sandbox/protocol.ts';
import { announce, type IsFor } from '#sandbox/slack/feed.ts';
import { letters, newTs, tsAsMs } from '#sandbox/slack/ids.ts';
import type { Block, Message, Workspace } from '#sandbox/slack/workspace.ts';

export type Draft = {
  readonly channel: string;
  readonly by: string;
  readonly text: string;
  readonly blocks?: readonly object[];
  readonly metadata?: unknown;
  readonly threadTs?: string | undefined;
  readonly broadcast?: boolean;
  readonly onlyFor?: string | undefined;
};

export function postMessage(workspace: Workspace, draft: Draft): Message {
  const message: Message = {
    channel: draft.channel,
    ts: newTs(workspace),
    threadTs: draft.threadTs,
    broadcast: draft.broadcast ?? false,
    by: draft.by,
    text: draft.text,
    blocks: withIds(workspace, draft.blocks ?? []),
    onlyFor: draft.onlyFor,
    reactions: [],
    pinned: false,
    ...(draft.metadata === undefined ? {} : { metadata: draft.metadata }),
  };
  messagesIn(workspace, draft.channel).push(message);
  tell(workspace, 'message_posted', message);
  if (draft.threadTs) tellParent(workspace, draft.channel, draft.threadTs);
  return message;
}

type Edit = Partial<Pick<Message, 'text' | 'metadata' | 'reactions' | 'pinned'>> & {
  readonly blocks?: readonly object[];
};

export function changeMessage(workspace: Workspace, message: Message, edit: Edit): Message {
  const { blocks = message.blocks, ...fields } = edit;
  const isEdit = edit.text !== undefined || edit.blocks !== undefined;
  const changed: Message = {
    ...message,
    ...fields,
    blocks: withIds(workspace, blocks),
    ...(isEdit ? { editedAtMs: workspace.clock() } : {}),
  };
  const all = messagesIn(workspace, message.channel);
  const at = all.findIndex(({ ts }) => ts === message.ts);
  if (at >= 0) all[at] = changed;
  tell(workspace, 'message_changed', changed);
  return changed;
}

export function removeMessage(workspace: Workspace, { channel, ts, ...rest }: Message): void {
  const all = messagesIn(workspace, channel);
  const at = all.findIndex((one) => one.ts === ts);
  if (at < 0) return;
  all.splice(at, 1);
  const isFor = seenBy(workspace, { channel, ...rest });
  announce(workspace.feed, isFor, () => ({ what: 'message_deleted', channel, ts }));
  if (rest.threadTs) tellParent(workspace, channel, rest.threadTs);
}

export const messagesIn = ({ messages }: Workspace, channel: string): Message[] => {
  const found = messages.get(channel) ?? [];
  messages.set(channel, found);
  return found;
};

export const findMessage = (workspace: Workspace, channel: string, ts: string) =>
  messagesIn(workspace, channel).find((message) => message.ts === ts);

/** A reply has none of its own, and there are far more of these than of threads. */
export function repliesTo(workspace: Workspace, { channel, ts, threadTs = ts }: Message) {
  if (threadTs !== ts) return [];
  return messagesIn(workspace, channel).filter(
    (message) => message.threadTs === ts && message.ts !== ts && !message.onlyFor,
  );
}

type Seen = Pick<Message, 'channel' | 'onlyFor'>;

export function seenBy({ channels }: Workspace, { channel, onlyFor }: Seen): IsFor {
  // A slash command may be typed where the app is no member, so an answer in private needs only
  // the person; everything else is for the members of the moment.
  return (userId) =>
    onlyFor ? onlyFor === userId : (channels.get(channel)?.members.includes(userId) ?? false);
}

export function showMessage(workspace: Workspace, message: Message): ShownMessage {
  const { channel, ts, threadTs, editedAtMs } = message;
  const replies = repliesTo(workspace, message);
  const isThread = threadTs ?? (replies.length > 0 ? ts : undefined);
  const last = replies.at(-1);
  return {
    channel,
    ts,
    broadcast: message.broadcast,
    by: message.by,
    text: message.text,
    blocks: message.blocks,
    postedAtMs: tsAsMs(ts),
    ephemeral: message.onlyFor !== undefined,
    replyCount: replies.length,
    replyUsers: [...new Set(replies.map(({ by }) => by))],
    reactions: message.reactions,
    pinned: message.pinned,
    ...(isThread ? { threadTs: isThread } : {}),
    ...(editedAtMs === undefined ? {} : { editedAtMs }),
    ...(last ? { lastReplyTs: last.ts } : {}),
  };
}

type Told = 'message_posted' | 'message_changed';

function tell(workspace: Workspace, what: Told, message: Message): void {
  const shown = showMessage(workspace, message);
  announce(workspace.feed, seenBy(workspace, message), () => ({ what, message: shown }));
}

function tellParent(workspace: Workspace, channel: string, threadTs: string): void {
  const parent = findMessage(workspace, channel, threadTs);
  if (parent) tell(workspace, 'message_changed', parent);
}

/** Slack fills in the ids that an app leaves out, so that every click can name its place. */
export function withIds(workspace: Workspace, blocks: readonly object[]): readonly Block[] {
  return blocks.map((block) => fillIn(workspace, block, 'block_id') as Block);
}

const INTERACTIVE_PARTS = ['accessory', 'element', 'elements', 'actions', 'child_blocks'];
const HAS_NO_ACTION = new Set(['image', 'plain_text', 'mrkdwn']);

function fillIn(workspace: Workspace, part: object, field: 'block_id' | 'action_id'): object {
  const filled: Record<string, unknown> = { ...part };
  const type = String(filled['type']);
  if (type === 'rich_text') return { [field]: letters(workspace, 5), ...filled };
  for (const name of INTERACTIVE_PARTS) {
    const inner = filled[name];
    const field = name === 'child_blocks' || type === 'carousel' ? 'block_id' : 'action_id';
    if (Array.isArray(inner)) filled[name] = inner.map((one) => fillIn(workspace, one, field));
    else if (inner instanceof Object) filled[name] = fillIn(workspace, inner, field);
  }
  if (HAS_NO_ACTION.has(type) && field === 'action_id') return filled;
  return { [field]: letters(workspace, 5), ...filled };
}
