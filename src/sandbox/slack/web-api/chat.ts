import { directChannel, findChannel } from '#sandbox/slack/channels.ts';
import { changeMessage, findMessage, postMessage, removeMessage } from '#sandbox/slack/messages.ts';
import { type Arguments, flagArg, textArg } from '#sandbox/slack/web-api/arguments.ts';
import { isRefusal, readContent } from '#sandbox/slack/web-api/content.ts';
import {
  type ApiAnswer,
  type ApiContext,
  type Method,
  type Methods,
  type Refusal,
  refuse,
} from '#sandbox/slack/web-api/method.ts';
import { messageAsSlack } from '#sandbox/slack/web-api/shapes.ts';
import type { Channel, Message, Workspace } from '#sandbox/slack/workspace.ts';

const EDIT_TEXT_CHARACTERS_MAX = 4_000;

const writing = (tier: Method['tier'], call: Method['call']): Method => ({
  tier,
  scopes: ['chat:write'],
  token: 'bot',
  call,
});

export const CHAT: Methods = {
  'chat.postMessage': writing('special', post),
  'chat.update': writing(3, update),
  'chat.postEphemeral': writing(4, postEphemeral),
  'chat.delete': writing(3, remove),
  'chat.getPermalink': { tier: 'special', scopes: [], token: 'bot', call: permalink },
};

function post({ workspace }: ApiContext, args: Arguments): ApiAnswer {
  const channel = openToBot(workspace, destination(workspace, textArg(args, 'channel')));
  if (isRefusal(channel)) return channel;
  const content = readContent(args);
  if (isRefusal(content)) return content;
  const threadTs = textArg(args, 'thread_ts');
  if (threadTs && !findMessage(workspace, channel.id, threadTs)) {
    return refuse('cannot_reply_to_message');
  }
  const message = postMessage(workspace, {
    ...content,
    channel: channel.id,
    by: workspace.app.botUserId,
    threadTs: threadTs && threadOf(workspace, channel, threadTs),
    broadcast: flagArg(args, 'reply_broadcast'),
  });
  const { ts } = message;
  return {
    ok: true,
    channel: channel.id,
    ts,
    message: messageAsSlack(workspace, message, true),
  };
}

/** Omitted blocks go away: what real Slack does here is not known, so edits must send both. */
function update({ workspace }: ApiContext, args: Arguments): ApiAnswer {
  const message = ownMessage(workspace, args, 'cant_update_message');
  if (isRefusal(message)) return message;
  const content = readContent(args);
  if (isRefusal(content)) return content;
  if (content.text.length > EDIT_TEXT_CHARACTERS_MAX) return refuse('msg_too_long');
  const changed = changeMessage(workspace, message, content);
  const { channel, ts, text } = changed;
  return { ok: true, channel, ts, text, message: messageAsSlack(workspace, changed, true) };
}

function postEphemeral({ workspace }: ApiContext, args: Arguments): ApiAnswer {
  const channel = openToBot(workspace, findChannel(workspace, textArg(args, 'channel') ?? ''));
  if (isRefusal(channel)) return channel;
  const user = textArg(args, 'user') ?? '';
  if (!channel.members.includes(user)) return refuse('user_not_in_channel');
  const content = readContent(args);
  if (isRefusal(content)) return content;
  if (content.text.length > EDIT_TEXT_CHARACTERS_MAX) return refuse('msg_too_long');
  const { ts } = postMessage(workspace, {
    text: content.text,
    blocks: content.blocks,
    channel: channel.id,
    by: workspace.app.botUserId,
    onlyFor: user,
    threadTs: textArg(args, 'thread_ts'),
  });
  return { ok: true, message_ts: ts };
}

function remove({ workspace }: ApiContext, args: Arguments): ApiAnswer {
  const message = ownMessage(workspace, args, 'cant_delete_message');
  if (isRefusal(message)) return message;
  removeMessage(workspace, message);
  return { ok: true, channel: message.channel, ts: message.ts };
}

function permalink({ workspace }: ApiContext, args: Arguments): ApiAnswer {
  const channel = workspace.channels.get(textArg(args, 'channel') ?? '');
  if (!channel) return refuse('channel_not_found');
  const ts = textArg(args, 'message_ts') ?? '';
  const message = findMessage(workspace, channel.id, ts);
  if (!message || message.onlyFor) return refuse('message_not_found');
  const address = `https://${workspace.team.domain}.slack.com/archives/${channel.id}`;
  return { ok: true, channel: channel.id, permalink: `${address}/p${ts.replace('.', '')}` };
}

/** Posting to a person means the app's direct conversation with them. */
function destination(workspace: Workspace, id = ''): Channel | undefined {
  const person = workspace.people.get(id);
  return person
    ? directChannel(workspace, workspace.app.botUserId, person.id)
    : findChannel(workspace, id);
}

function openToBot({ app }: Workspace, channel: Channel | undefined): Channel | Refusal {
  if (!channel) return refuse('channel_not_found');
  const isMember = channel.members.includes(app.botUserId);
  // A private channel the app is not in does not exist for it.
  if (!isMember && channel.kind !== 'channel') return refuse('channel_not_found');
  if (!isMember) return refuse('not_in_channel');
  return channel.archived ? refuse('is_archived') : channel;
}

/** Unlike posting, editing takes channel IDs only. */
function ownMessage(workspace: Workspace, args: Arguments, notOurs: string): Message | Refusal {
  const channel = workspace.channels.get(textArg(args, 'channel') ?? '');
  if (!channel) return refuse('channel_not_found');
  const message = findMessage(workspace, channel.id, textArg(args, 'ts') ?? '');
  if (!message || message.onlyFor) return refuse('message_not_found');
  return message.by === workspace.app.botUserId ? message : refuse(notOurs);
}

/** A reply to a reply goes to the same thread: threads have one level. */
const threadOf = (workspace: Workspace, channel: Channel, ts: string) =>
  findMessage(workspace, channel.id, ts)?.threadTs ?? ts;
