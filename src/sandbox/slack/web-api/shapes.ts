/** Slack's own names for what the workspace holds. */
import { repliesTo } from '#sandbox/slack/messages.ts';
import type { Channel, Message, Person, View, Workspace } from '#sandbox/slack/workspace.ts';

export const channelAsSlack = (workspace: Workspace, channel: Channel) => ({
  id: channel.id,
  name: channel.name,
  name_normalized: channel.name,
  is_channel: channel.kind === 'channel',
  is_group: channel.kind === 'private',
  is_im: channel.kind === 'direct',
  is_mpim: false,
  is_private: channel.kind !== 'channel',
  is_archived: channel.archived,
  is_general: channel.name === 'general',
  is_shared: channel.shared,
  is_ext_shared: channel.shared,
  is_org_shared: false,
  is_member: channel.members.includes(workspace.app.botUserId),
  num_members: channel.members.length,
  topic: { value: channel.topic, creator: '', last_set: 0 },
  purpose: { value: '', creator: '', last_set: 0 },
  context_team_id: workspace.team.id,
});

export const personAsSlack = (workspace: Workspace, person: Person) => ({
  id: person.id,
  team_id: person.teamId,
  name: person.name,
  real_name: person.realName,
  deleted: person.deleted,
  tz: 'Etc/UTC',
  tz_label: 'Coordinated Universal Time',
  tz_offset: 0,
  profile: {
    real_name: person.realName,
    display_name: person.name,
    title: person.title,
    team: person.teamId,
    ...(person.kind === 'bot' ? { bot_id: workspace.app.botId } : {}),
  },
  is_admin: false,
  is_owner: false,
  is_bot: person.kind === 'bot' || person.kind === 'workflow_bot',
  is_workflow_bot: person.kind === 'workflow_bot',
  is_app_user: false,
  is_restricted: person.kind === 'guest',
  is_ultra_restricted: false,
  is_stranger: person.kind === 'stranger',
  updated: 0,
});

export function messageAsSlack(workspace: Workspace, message: Message, withMetadata = false) {
  const { app, team } = workspace;
  const isOurs = message.by === app.botUserId;
  const replies = repliesTo(workspace, message);
  const last = replies.at(-1);
  return {
    type: 'message',
    ts: message.ts,
    user: message.by,
    text: message.text,
    team: team.id,
    ...(isOurs ? { bot_id: app.botId, app_id: app.id } : {}),
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    ...(message.broadcast ? { subtype: 'thread_broadcast' } : {}),
    ...(message.editedAtMs === undefined ? {} : { edited: editedAsSlack(message) }),
    ...(last ? { thread_ts: message.ts, reply_count: replies.length, latest_reply: last.ts } : {}),
    ...(message.reactions.length > 0 ? { reactions: message.reactions } : {}),
    ...(withMetadata && message.metadata ? { metadata: message.metadata } : {}),
  };
}

const editedAsSlack = ({ by, editedAtMs = 0 }: Message) => ({
  user: by,
  ts: `${Math.floor(editedAtMs / 1_000)}.000000`,
});

export const viewAsSlack = ({ team, app }: Workspace, view: View, values: object = {}) => ({
  id: view.id,
  team_id: team.id,
  type: view.type,
  blocks: view.blocks,
  private_metadata: view.privateMetadata,
  callback_id: view.callbackId,
  state: { values },
  hash: view.hash,
  title: view.title ?? null,
  submit: view.submit ?? null,
  close: view.close ?? null,
  clear_on_close: view.clearOnClose,
  notify_on_close: view.notifyOnClose,
  submit_disabled: view.submitDisabled,
  previous_view_id: view.previousViewId,
  root_view_id: view.rootViewId,
  app_id: app.id,
  external_id: view.externalId,
  app_installed_team_id: team.id,
  bot_id: app.botId,
});
