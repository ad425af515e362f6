import type { Say, SayAnswer } from '#sandbox/protocol.ts';
import { badRequest } from '#sandbox/slack/acts/outcome.ts';
import { findMessage, postMessage } from '#sandbox/slack/messages.ts';
import type { Slack } from '#sandbox/slack/slack.ts';

const TEXT_CHARACTERS_MAX = 40_000;

export function say({ workspace }: Slack, { as, channel, text, threadTs }: Say): SayAnswer {
  if (!workspace.channels.get(channel)?.members.includes(as)) {
    return badRequest(`${as} is not in channel ${channel}.`);
  }
  if (text.trim() === '') return badRequest('There is nothing to say.');
  if (threadTs && !findMessage(workspace, channel, threadTs)) {
    return badRequest(`There is no message ${threadTs} to answer.`);
  }
  const message = postMessage(workspace, {
    channel,
    by: as,
    text: asMrkdwn(text.slice(0, TEXT_CHARACTERS_MAX)),
    threadTs,
  });
  return { ok: true, ts: message.ts };
}

/** What people type is escaped before it is kept, ampersand first. */
const asMrkdwn = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
