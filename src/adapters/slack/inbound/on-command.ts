import type { ModalView } from '@slack/types';
import { answerKillswitch } from '#adapters/slack/inbound/answer-killswitch.ts';
import { answerRollout, type Typed } from '#adapters/slack/inbound/answer-rollout.ts';
import { stillWorking } from '#adapters/slack/inbound/apology.ts';
import { Command } from '#adapters/slack/inbound/deliveries.ts';
import type { AnswerDeps } from '#adapters/slack/inbound/deps.ts';
import { killModal } from '#adapters/slack/inbound/modals/kill-modal.ts';
import { openModal } from '#adapters/slack/inbound/modals/open-modal.ts';
import { startModal, startModalFilled } from '#adapters/slack/inbound/modals/start-modal.ts';
import { placeFrom } from '#adapters/slack/inbound/places.ts';
import { ephemeral, type Reply } from '#adapters/slack/inbound/reply.ts';
import { asSlackReads, type SlackAnswer } from '#adapters/slack/inbound/respond.ts';
import {
  answered,
  apologyFor,
  inTime,
  measuredAck,
  NOT_OURS,
  type Wire,
} from '#adapters/slack/inbound/wire.ts';

type Handler = {
  readonly answer: (deps: AnswerDeps, typed: Typed) => Promise<Reply>;
  /** What the command shows when it comes without words. */
  readonly modal: (deps: AnswerDeps) => ModalView;
  readonly fill?: (deps: AnswerDeps) => ModalView | undefined;
};

const COMMANDS: Readonly<Record<string, Handler>> = {
  '/rollout': { answer: answerRollout, modal: startModal, fill: startModalFilled },
  '/killswitch': { answer: answerKillswitch, modal: killModal },
};
/** The commands that exist; a test holds the manifest against them. */
export const COMMAND_NAMES = Object.keys(COMMANDS);

type Delivery = {
  readonly body: unknown;
  readonly ack: (answer?: SlackAnswer) => Promise<unknown>;
};

/** The answer travels in the acknowledgement; deciding takes milliseconds, so it nearly always can. */
export async function onCommand(wire: Wire, { body, ack }: Delivery): Promise<void> {
  const acknowledge = measuredAck(wire, 'command', ack);
  const read = Command.safeParse(body);
  if (!read.success) return await acknowledge(asSlackReads(ephemeral(UNREADABLE)));
  if (!wire.ours.isOurs(body)) return await acknowledge(asSlackReads(ephemeral(NOT_OURS)));
  const command = read.data;
  const handler = COMMANDS[command.command];
  if (!handler) return await acknowledge(asSlackReads(ephemeral(UNKNOWN)));

  const place = placeFrom(command.channel_id, command.channel_name);
  if (command.text.trim() === '') {
    await acknowledge();
    return await openModal(wire, {
      ...command,
      view: handler.modal(wire.answers),
      place,
      fill: () => handler.fill?.(wire.answers),
      instead: `${command.command} help`,
    });
  }
  const typed: Typed = {
    text: command.text,
    person: { userId: command.user_id, teamId: command.team_id },
    place,
    inboxKey: `command:${command.team_id}:${command.user_id}:${command.trigger_id}`,
  };
  const answer = handler.answer(wire.answers, typed).catch(apologyFor(wire, command.command));
  const ready = await inTime(answer);
  await acknowledge(asSlackReads(ready ?? stillWorking()));
  if (ready) return;
  const reply = await answer;
  const late = { about: command.command, to: command.user_id, place, text: reply.text };
  await answered(wire, late, wire.respond(command.response_url, reply));
}

const UNKNOWN = 'I know `/rollout help` and `/killswitch help`.';
const UNREADABLE = 'I could not read that command. `/rollout help` shows what I understand.';
