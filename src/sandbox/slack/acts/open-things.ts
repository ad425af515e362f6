/** A person uses a shortcut, or opens the app's Home tab. */
import type { ActAnswer, Home, Shortcut } from '#sandbox/protocol.ts';
import { findHolder } from '#sandbox/slack/acts/find-element.ts';
import { badRequest, findPerson, hasFailed, outcomeOf } from '#sandbox/slack/acts/outcome.ts';
import { directChannel } from '#sandbox/slack/channels.ts';
import {
  eventPayload,
  messageShortcutPayload,
  shortcutPayload,
} from '#sandbox/slack/delivery/payloads.ts';
import { newTs } from '#sandbox/slack/ids.ts';
import { issueResponseUrl } from '#sandbox/slack/response-urls.ts';
import type { Slack } from '#sandbox/slack/slack.ts';
import { viewAsSlack } from '#sandbox/slack/web-api/shapes.ts';

export async function useShortcut(slack: Slack, used: Shortcut): Promise<ActAnswer> {
  const { workspace, manifest } = slack;
  const by = findPerson(slack, used.as);
  if (hasFailed(by)) return by;
  const type = used.message ? 'message' : 'global';
  const { callbackId } = used;
  if (!manifest.shortcuts.some((one) => one.callback_id === callbackId && one.type === type)) {
    return badRequest(`The manifest has no ${type} shortcut ${callbackId}.`);
  }
  const common = { by, callbackId, actionTs: newTs(workspace) };
  const about = { kind: 'interactivity', about: callbackId, by: by.id } as const;
  if (!used.message) {
    const payload = shortcutPayload(workspace, common);
    return outcomeOf(await slack.deliver({ ...about, payload }));
  }
  const holder = findHolder(slack, by.id, used.message);
  if (hasFailed(holder)) return holder;
  const { message } = holder;
  if (!message || message.onlyFor) return badRequest('A shortcut needs a lasting message.');
  const { channel, ts } = message;
  const path = issueResponseUrl(workspace, { kind: 'actions', channel, by: by.id, messageTs: ts });
  const responseUrl = slack.origin() + path;
  const payload = messageShortcutPayload(workspace, { ...common, message, responseUrl });
  return outcomeOf(await slack.deliver({ ...about, payload }));
}

/** Told to the app only when its manifest asks for it. */
export async function openHome(slack: Slack, { as }: Home): Promise<ActAnswer> {
  const { workspace, manifest } = slack;
  const by = findPerson(slack, as);
  if (hasFailed(by)) return by;
  if (!manifest.homeTab) return badRequest('The app has no Home tab.');
  if (!manifest.events.includes('app_home_opened')) return { ok: true };
  const view = workspace.homes.get(by.id);
  const payload = eventPayload(workspace, {
    type: 'app_home_opened',
    user: by.id,
    channel: directChannel(workspace, workspace.app.botUserId, by.id).id,
    tab: 'home',
    event_ts: newTs(workspace),
    ...(view ? { view: viewAsSlack(workspace, view) } : {}),
  });
  const envelope = { kind: 'event', about: 'app_home_opened', by: by.id, payload } as const;
  return outcomeOf(await slack.deliver(envelope));
}
