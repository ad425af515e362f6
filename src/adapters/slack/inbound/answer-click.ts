import { ACTIONS } from '#adapters/slack/action-ids.ts';
import {
  readButtonValue,
  readFlagButtonValue,
  readKillButtonValue,
} from '#adapters/slack/button-value.ts';
import { answerKill } from '#adapters/slack/inbound/answer-killswitch.ts';
import { changeFlagFor } from '#adapters/slack/inbound/change-flags.ts';
import type { AnswerDeps, Asking } from '#adapters/slack/inbound/deps.ts';
import { letGo } from '#adapters/slack/inbound/kill.ts';
import { refused } from '#adapters/slack/inbound/refused.ts';
import { isReleaseAction, readSteering } from '#adapters/slack/inbound/release-clicks.ts';
import { ephemeral, type Reply } from '#adapters/slack/inbound/reply.ts';
import { type Outcome, steer } from '#adapters/slack/inbound/steer.ts';
import { waitWords } from '#adapters/slack/inbound/wait-words.ts';
import { writeDown } from '#adapters/slack/inbound/write-down.ts';
import type { Refusal } from '#domain/refusal.ts';
import { no } from '#domain/result.ts';

export type Pressed = Asking & { readonly action: string; readonly value: string };

export type ClickAnswer = {
  readonly reply: Reply;
  /** The private message that held the button is replaced, so that it cannot be pressed twice. */
  readonly inPlace: boolean;
};

const STOPS: ReadonlySet<string> = new Set([
  ACTIONS.rollback,
  ACTIONS.pause,
  ACTIONS.abort,
  ACTIONS.killConfirm,
]);

/** Undefined when nothing has to be said: what was done is seen on the card or in the channel. */
export async function answerClick(
  deps: AnswerDeps,
  pressed: Pressed,
): Promise<ClickAnswer | undefined> {
  const { action, value, person } = pressed;
  const waitMs = deps.limits.waitMs(person.userId, STOPS.has(action) ? 'stop' : 'other');
  if (waitMs > 0) return { reply: ephemeral(waitWords(waitMs)), inPlace: false };
  if (action === ACTIONS.killConfirm) {
    const read = readKillButtonValue(value);
    if (!read) return await refusedClick(deps, pressed, UNREADABLE.refusal);
    const wish = { name: read.killswitch, reason: read.reason, confirmed: true };
    return { reply: await answerKill(deps, pressed, wish), inPlace: true };
  }
  const outcome = await answer(deps, pressed);
  return outcome.ok ? undefined : await refusedClick(deps, pressed, outcome.refusal);
}

async function refusedClick(
  deps: AnswerDeps,
  pressed: Pressed,
  refusal: Refusal,
): Promise<ClickAnswer> {
  // Options of menus do not carry their service, and then the people of the whole file count.
  const service = readButtonValue(pressed.value)?.service;
  const target = service === undefined ? {} : { service };
  await writeDown(deps, pressed, refusal, { action: pressed.action, target });
  return { reply: refused(deps, refusal, service), inPlace: false };
}

async function answer(deps: AnswerDeps, pressed: Pressed): Promise<Outcome> {
  const { action, value } = pressed;
  if (isReleaseAction(action)) {
    const steering = readSteering(deps.queries, action, value);
    return steering ? await steer(deps, pressed, steering.service, steering.wish) : UNREADABLE;
  }
  switch (action) {
    case ACTIONS.flagApprove:
    case ACTIONS.flagDecline: {
      const read = readFlagButtonValue(value);
      const to = action === ACTIONS.flagApprove ? 'approve' : 'decline';
      return read
        ? await changeFlagFor(deps, pressed, read.flag, { to, request: read.request })
        : UNREADABLE;
    }
    case ACTIONS.killOff: {
      const read = readKillButtonValue(value);
      return read
        ? await letGo(deps, pressed, { name: read.killswitch, reason: 'by the button in Slack' })
        : UNREADABLE;
    }
    default:
      return UNREADABLE;
  }
}

/** A button of an older version of this bot, or of nobody's. */
const UNREADABLE = no({ code: 'plan_changed' } as const);
