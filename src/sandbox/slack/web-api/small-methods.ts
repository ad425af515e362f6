/** Reactions, pins, the Socket Mode address, and the public check of blocks. */
import { checkBlocks } from '#sandbox/slack/blocks/check-blocks.ts';
import { checkView } from '#sandbox/slack/blocks/check-view.ts';
import { type Complaint, complain } from '#sandbox/slack/blocks/complaint.ts';
import { changeMessage, findMessage } from '#sandbox/slack/messages.ts';
import {
  type Arguments,
  isRecord,
  isUnreadable,
  jsonArg,
  textArg,
} from '#sandbox/slack/web-api/arguments.ts';
import { isRefusal } from '#sandbox/slack/web-api/content.ts';
import {
  type ApiAnswer,
  type ApiContext,
  type Methods,
  type Refusal,
  refuse,
} from '#sandbox/slack/web-api/method.ts';
import type { Message, Workspace } from '#sandbox/slack/workspace.ts';

export const SMALL_METHODS: Methods = {
  'reactions.add': { tier: 3, scopes: ['reactions:write'], token: 'bot', call: react },
  'pins.add': { tier: 2, scopes: ['pins:write'], token: 'bot', call: pin },
  'apps.connections.open': {
    tier: 3,
    scopes: ['connections:write'],
    token: 'app',
    call: ({ connectionUrl }) => ({ ok: true, url: connectionUrl() }),
  },
  'blocks.validate': { tier: 4, scopes: [], token: 'none', call: validate },
};

function react({ workspace }: ApiContext, args: Arguments): ApiAnswer {
  const message = memberMessage(workspace, args);
  if (isRefusal(message)) return message;
  const name = textArg(args, 'name');
  if (!name) return refuse('invalid_name');
  const { botUserId } = workspace.app;
  const own = message.reactions.find((reaction) => reaction.name === name);
  if (own?.users.includes(botUserId)) return refuse('already_reacted');
  const reactions = [
    ...message.reactions.filter((reaction) => reaction.name !== name),
    { name, users: [...(own?.users ?? []), botUserId] },
  ];
  changeMessage(workspace, message, { reactions });
  return { ok: true };
}

function pin({ workspace }: ApiContext, args: Arguments): ApiAnswer {
  const message = memberMessage(workspace, args);
  if (isRefusal(message)) return message;
  if (message.pinned) return refuse('already_pinned');
  changeMessage(workspace, message, { pinned: true });
  return { ok: true };
}

function memberMessage(workspace: Workspace, args: Arguments): Message | Refusal {
  const channel = workspace.channels.get(textArg(args, 'channel') ?? '');
  if (!channel) return refuse('channel_not_found');
  if (!channel.members.includes(workspace.app.botUserId)) return refuse('not_in_channel');
  const message = findMessage(workspace, channel.id, textArg(args, 'timestamp') ?? '');
  return message && !message.onlyFor ? message : refuse('message_not_found');
}

const SUBJECTS = ['blocks', 'view', 'message'] as const;
const SUBJECT_CHARACTERS_MAX = 100_000;

function validate(_context: ApiContext, args: Arguments): ApiAnswer {
  const given = SUBJECTS.filter((name) => args[name] !== undefined && args[name] !== '');
  const [name, ...more] = given;
  if (!name || more.length > 0) {
    return refuse('invalid_arguments', ['[ERROR] give exactly one of blocks, view and message']);
  }
  const raw = args[name];
  const characters = typeof raw === 'string' ? raw.length : JSON.stringify(raw).length;
  if (characters > SUBJECT_CHARACTERS_MAX) {
    return refuse('invalid_arguments', [`[ERROR] ${name} is longer than 100000 characters`]);
  }
  const value = jsonArg(args, name);
  if (isUnreadable(value)) return refuse('invalid_json');
  const errors = complaintsAbout(name, value);
  return errors.length === 0 ? { ok: true } : { ...refuse('invalid_blocks'), errors };
}

function complaintsAbout(name: (typeof SUBJECTS)[number], value: unknown): readonly Complaint[] {
  if (name === 'blocks') return checkBlocks(value, 'message');
  if (!isRecord(value)) return [complain('wrong_type', 'must be a valid object', [name])];
  if (name === 'message') return checkBlocks(value['blocks'] ?? [], 'message', [name, 'blocks']);
  return checkView(value, value['type'] === 'home' ? 'home' : 'modal');
}
