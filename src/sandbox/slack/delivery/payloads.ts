/** The bodies of what the app is sent, field by field as Slack words them. */
import { letters } from '#sandbox/slack/ids.ts';
import { issueTrigger } from '#sandbox/slack/triggers.ts';
import { messageAsSlack, viewAsSlack } from '#sandbox/slack/web-api/shapes.ts';
import type { Message, Person, View, Workspace } from '#sandbox/slack/workspace.ts';

/** Long out of use, but still sent. */
const VERIFICATION_TOKEN = 'deprecated-verification-token';

type Payload = Readonly<Record<string, unknown>>;

export type CommandTyped = {
  readonly by: Person;
  readonly channel: { readonly id: string; readonly name: string };
  readonly command: string;
  readonly text: string;
  readonly responseUrl: string;
};

export function commandPayload(workspace: Workspace, typed: CommandTyped): Payload {
  const { team, app } = workspace;
  return {
    token: VERIFICATION_TOKEN,
    team_id: team.id,
    team_domain: team.domain,
    channel_id: typed.channel.id,
    channel_name: typed.channel.name,
    user_id: typed.by.id,
    user_name: typed.by.name,
    command: typed.command,
    text: typed.text,
    api_app_id: app.id,
    is_enterprise_install: 'false',
    response_url: typed.responseUrl,
    trigger_id: issueTrigger(workspace, typed.by.id),
  };
}

/** The part every interaction has in common. */
function interaction(workspace: Workspace, type: string, by: Person): Payload {
  return {
    type,
    user: { id: by.id, username: by.name, name: by.name, team_id: by.teamId },
    api_app_id: workspace.app.id,
    token: VERIFICATION_TOKEN,
    team: { id: workspace.team.id, domain: workspace.team.domain },
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: issueTrigger(workspace, by.id),
  };
}

type Acted = {
  readonly by: Person;
  readonly action: Payload;
  readonly values: object;
};

type ActedInMessage = Acted & { readonly message: Message; readonly responseUrl: string };

export function messageActionsPayload(
  workspace: Workspace,
  { by, action, values, message, responseUrl }: ActedInMessage,
): Payload {
  const { channel, ts, threadTs, onlyFor } = message;
  const name = workspace.channels.get(channel)?.name ?? 'direct';
  return {
    ...interaction(workspace, 'block_actions', by),
    container: {
      type: 'message',
      message_ts: ts,
      channel_id: channel,
      is_ephemeral: onlyFor !== undefined,
      ...(threadTs ? { thread_ts: threadTs } : {}),
    },
    channel: { id: channel, name },
    // An ephemeral message is nowhere kept, so it does not come along.
    ...(onlyFor ? {} : { message: messageAsSlack(workspace, message) }),
    state: { values },
    response_url: responseUrl,
    actions: [action],
  };
}

type ActedInView = Acted & { readonly view: View };

export const viewActionsPayload = (
  workspace: Workspace,
  { by, action, values, view }: ActedInView,
): Payload => ({
  ...interaction(workspace, 'block_actions', by),
  container: { type: 'view', view_id: view.id },
  view: viewAsSlack(workspace, view, values),
  actions: [action],
});

type Submitted = { readonly by: Person; readonly view: View; readonly values: object };

export const submissionPayload = (
  workspace: Workspace,
  { by, view, values }: Submitted,
): Payload => ({
  ...interaction(workspace, 'view_submission', by),
  view: viewAsSlack(workspace, view, values),
  response_urls: [],
});

type Closed = { readonly by: Person; readonly view: View; readonly isCleared: boolean };

export function closedPayload(workspace: Workspace, { by, view, isCleared }: Closed): Payload {
  const { trigger_id: _, ...common } = interaction(workspace, 'view_closed', by);
  return { ...common, view: viewAsSlack(workspace, view), is_cleared: isCleared };
}

type Shortcut = { readonly by: Person; readonly callbackId: string; readonly actionTs: string };

export const shortcutPayload = (
  workspace: Workspace,
  { by, callbackId, actionTs }: Shortcut,
): Payload => ({
  ...interaction(workspace, 'shortcut', by),
  callback_id: callbackId,
  action_ts: actionTs,
});

type MessageShortcut = Shortcut & { readonly message: Message; readonly responseUrl: string };

export function messageShortcutPayload(workspace: Workspace, used: MessageShortcut): Payload {
  const { by, callbackId, actionTs, message, responseUrl } = used;
  const name = workspace.channels.get(message.channel)?.name ?? 'direct';
  return {
    ...interaction(workspace, 'message_action', by),
    callback_id: callbackId,
    action_ts: actionTs,
    channel: { id: message.channel, name },
    message_ts: message.ts,
    message: messageAsSlack(workspace, message),
    response_url: responseUrl,
  };
}

type Asked = { readonly by: Person; readonly place: object } & {
  readonly actionId: string;
  readonly blockId: string;
  readonly typed: string;
};

export function suggestionPayload(workspace: Workspace, asked: Asked): Payload {
  const { trigger_id: _, ...common } = interaction(workspace, 'block_suggestion', asked.by);
  return {
    ...common,
    ...asked.place,
    action_id: asked.actionId,
    block_id: asked.blockId,
    value: asked.typed,
  };
}

export const eventPayload = (workspace: Workspace, event: Payload): Payload => ({
  token: VERIFICATION_TOKEN,
  team_id: workspace.team.id,
  api_app_id: workspace.app.id,
  type: 'event_callback',
  event_id: `Ev${letters(workspace, 10)}`,
  event_time: Math.floor(workspace.clock() / 1_000),
  event,
  authorizations: [
    {
      enterprise_id: null,
      team_id: workspace.team.id,
      user_id: workspace.app.botUserId,
      is_bot: true,
      is_enterprise_install: false,
    },
  ],
  is_ext_shared_channel: false,
});

export const urlVerificationPayload = (workspace: Workspace): Payload => ({
  token: VERIFICATION_TOKEN,
  challenge: letters(workspace, 40),
  type: 'url_verification',
});
