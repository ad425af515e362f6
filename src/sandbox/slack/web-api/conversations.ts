import { changeChannel, directChannel } from '#sandbox/slack/channels.ts';
import { messagesIn } from '#sandbox/slack/messages.ts';
import { type Arguments, flagArg, textArg } from '#sandbox/slack/web-api/arguments.ts';
import { isRefusal } from '#sandbox/slack/web-api/content.ts';
import {
  type ApiAnswer,
  type ApiContext,
  type Method,
  type Methods,
  type Refusal,
  refuse,
} from '#sandbox/slack/web-api/method.ts';
import { page } from '#sandbox/slack/web-api/paging.ts';
import { channelAsSlack, messageAsSlack } from '#sandbox/slack/web-api/shapes.ts';
import type { Channel, Message } from '#sandbox/slack/workspace.ts';

const method = (tier: Method['tier'], scopes: readonly string[], call: Method['call']): Method => ({
  tier,
  scopes,
  token: 'bot',
  call,
});

const READ = ['channels:read', 'groups:read'];
const HISTORY = ['channels:history', 'groups:history'];

export const CONVERSATIONS: Methods = {
  'conversations.list': method(2, READ, list),
  'conversations.info': method(3, READ, info),
  'conversations.members': method(4, READ, members),
  'conversations.history': method(3, HISTORY, history),
  'conversations.replies': method(3, HISTORY, replies),
  'conversations.join': method(3, ['channels:join'], join),
  'conversations.open': method(3, ['im:write', 'mpim:write'], open),
};

function list({ workspace }: ApiContext, args: Arguments): ApiAnswer {
  const types = (textArg(args, 'types') ?? 'public_channel').split(',').map((one) => one.trim());
  const wanted = [...workspace.channels.values()].filter(({ kind, members, archived }) => {
    if (archived && flagArg(args, 'exclude_archived')) return false;
    if (kind === 'channel') return types.includes('public_channel');
    const isMember = members.includes(workspace.app.botUserId);
    return isMember && types.includes(kind === 'private' ? 'private_channel' : 'im');
  });
  const { items, ...rest } = page(wanted, args);
  return { ok: true, channels: items.map((one) => channelAsSlack(workspace, one)), ...rest };
}

function info(context: ApiContext, args: Arguments): ApiAnswer {
  const channel = knownChannel(context, args);
  if (isRefusal(channel)) return channel;
  return { ok: true, channel: channelAsSlack(context.workspace, channel) };
}

function members(context: ApiContext, args: Arguments): ApiAnswer {
  const channel = knownChannel(context, args);
  if (isRefusal(channel)) return channel;
  const { items, ...rest } = page(channel.members, args);
  return { ok: true, members: items, ...rest };
}

/** Newest first, and without replies, unless they were also sent to the channel. */
function history(context: ApiContext, args: Arguments): ApiAnswer {
  const channel = readableChannel(context, args);
  if (isRefusal(channel)) return channel;
  const { workspace } = context;
  const found = messagesIn(workspace, channel.id)
    .filter((message) => !message.onlyFor && isWithin(message, args))
    .filter(({ threadTs, ts, broadcast }) => !threadTs || threadTs === ts || broadcast)
    .toReversed();
  return messagesPage(context, args, found);
}

function replies(context: ApiContext, args: Arguments): ApiAnswer {
  const channel = readableChannel(context, args);
  if (isRefusal(channel)) return channel;
  const ts = textArg(args, 'ts');
  const all = messagesIn(context.workspace, channel.id).filter((message) => !message.onlyFor);
  if (!all.some((message) => message.ts === ts)) return refuse('thread_not_found');
  const found = all.filter(
    (message) => message.ts === ts || (message.threadTs === ts && isWithin(message, args)),
  );
  return messagesPage(context, args, found);
}

function join({ workspace }: ApiContext, args: Arguments): ApiAnswer {
  const channel = workspace.channels.get(textArg(args, 'channel') ?? '');
  if (!channel) return refuse('channel_not_found');
  if (channel.kind !== 'channel') return refuse('method_not_supported_for_channel_type');
  if (channel.archived) return refuse('is_archived');
  const { botUserId } = workspace.app;
  const already = channel.members.includes(botUserId);
  const joined = already
    ? channel
    : changeChannel(workspace, { ...channel, members: [...channel.members, botUserId] });
  const warning = already ? { warning: 'already_in_channel' } : {};
  return { ok: true, channel: channelAsSlack(workspace, joined), ...warning };
}

function open({ workspace }: ApiContext, args: Arguments): ApiAnswer {
  const [user, ...others] = (textArg(args, 'users') ?? '').split(',').filter(Boolean);
  if (!user) return refuse('users_list_not_supplied');
  if (others.length > 0) return refuse('method_not_supported_for_channel_type');
  if (!workspace.people.has(user)) return refuse('user_not_found');
  return { ok: true, channel: { id: directChannel(workspace, workspace.app.botUserId, user).id } };
}

function knownChannel({ workspace }: ApiContext, args: Arguments): Channel | Refusal {
  const channel = workspace.channels.get(textArg(args, 'channel') ?? '');
  const isVisible =
    channel?.kind === 'channel' || channel?.members.includes(workspace.app.botUserId);
  return channel && isVisible ? channel : refuse('channel_not_found');
}

function readableChannel(context: ApiContext, args: Arguments): Channel | Refusal {
  const channel = knownChannel(context, args);
  if (isRefusal(channel)) return channel;
  const { workspace, caller } = context;
  if (!channel.members.includes(workspace.app.botUserId)) return refuse('not_in_channel');
  const needed = channel.kind === 'private' ? 'groups:history' : 'channels:history';
  if (channel.kind === 'direct' || caller.scopes.includes(needed)) return channel;
  return { ...refuse('missing_scope'), needed, provided: caller.scopes.join(',') };
}

function isWithin({ ts }: Message, args: Arguments): boolean {
  const oldest = textArg(args, 'oldest') ?? '0';
  const latest = textArg(args, 'latest') ?? '9999999999.999999';
  const inclusive = flagArg(args, 'inclusive');
  const isEdge = ts === oldest || ts === latest;
  return isEdge ? inclusive : Number(ts) > Number(oldest) && Number(ts) < Number(latest);
}

function messagesPage(
  { workspace }: ApiContext,
  args: Arguments,
  found: readonly Message[],
): ApiAnswer {
  const { items, response_metadata } = page(found, args);
  const withMetadata = flagArg(args, 'include_all_metadata');
  const messages = items.map((message) => messageAsSlack(workspace, message, withMetadata));
  return { ok: true, messages, has_more: response_metadata.next_cursor !== '', response_metadata };
}
