import type { ActAnswer, Command } from '#sandbox/protocol.ts';
import {
  badRequest,
  failed,
  findPerson,
  findTheirChannel,
  hasFailed,
  outcomeOf,
} from '#sandbox/slack/acts/outcome.ts';
import { showAnswer } from '#sandbox/slack/acts/show-answer.ts';
import { commandPayload } from '#sandbox/slack/delivery/payloads.ts';
import { issueResponseUrl } from '#sandbox/slack/response-urls.ts';
import type { Slack } from '#sandbox/slack/slack.ts';

export async function typeCommand(slack: Slack, typed: Command): Promise<ActAnswer> {
  const { workspace, manifest } = slack;
  const by = findPerson(slack, typed.as);
  if (hasFailed(by)) return by;
  const channel = findTheirChannel(slack, by, typed.channel);
  if (hasFailed(channel)) return channel;
  const [, command, text] = /^(\/\S+)\s*(.*)$/s.exec(typed.text.trim()) ?? [];
  if (!command) return badRequest('A command begins with a slash.');
  if (!manifest.commands.some((one) => one.command === command)) {
    return failed('unknown_command', `${command} is not a valid command.`);
  }
  const where = { channel: channel.id, by: by.id };
  const responseUrl = slack.origin() + issueResponseUrl(workspace, { ...where, kind: 'commands' });
  const ack = await slack.deliver({
    kind: 'command',
    about: `${command} ${text}`.trim(),
    by: by.id,
    payload: commandPayload(workspace, {
      by,
      command,
      responseUrl,
      text: text ?? '',
      channel: { id: channel.id, name: channel.kind === 'direct' ? 'directmessage' : channel.name },
    }),
  });
  if (ack.came !== 'in_time' || ack.body === undefined) return outcomeOf(ack);
  const refusal = showAnswer(workspace, where, ack.body);
  return refusal
    ? failed('app_sent_something_invalid', `The app's answer was refused: ${refusal.error}.`)
    : outcomeOf(ack);
}
