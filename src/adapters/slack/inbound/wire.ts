import { apologise } from '#adapters/slack/inbound/apology.ts';
import type {
  AnswerDeps,
  DeliveryKind,
  Place,
  SlackObserver,
} from '#adapters/slack/inbound/deps.ts';
import type { Homes } from '#adapters/slack/inbound/home/homes.ts';
import type { FormPlaces } from '#adapters/slack/inbound/modals/form-places.ts';
import type { OurWorkspace } from '#adapters/slack/inbound/our-workspace.ts';
import type { Respond } from '#adapters/slack/inbound/respond.ts';
import type { SlackCalls } from '#adapters/slack/inbound/slack-calls.ts';
import { within } from '#adapters/slack/inbound/within.ts';
import { oweAnswer } from '#operations/owe-answer.ts';

/** What the listeners need: the answers, and the ways back to Slack. */
export type Wire = {
  readonly answers: AnswerDeps;
  readonly calls: SlackCalls;
  readonly respond: Respond;
  readonly forms: FormPlaces;
  readonly ours: OurWorkspace;
  readonly homes: Homes;
  readonly observe: SlackObserver;
  readonly dice: () => number;
};

/** Slack gives up after three seconds; what is not ready by then is sent after it. */
const ACK_MS_MAX = 2_000;

/** Undefined when it is not ready in time; it goes on, and the caller sends it later. */
export const inTime = <Answer>(answer: Promise<Answer>) => within(ACK_MS_MAX, answer);

/** An answer always comes: a throw becomes an apology. */
export const apologyFor =
  ({ dice, answers }: Wire, about: string) =>
  (error: unknown) =>
    apologise({ dice, log: answers.log }, error, about);

/** What comes after the acknowledgement may fail, and when it only shows something, that is all. */
export async function afterwards({ answers }: Wire, about: string, work: Promise<unknown>) {
  try {
    await work;
  } catch (error) {
    answers.log.warn({ err: error, about }, 'Slack did not take an answer');
  }
}

type Answer = {
  readonly about: string;
  readonly to: string;
  readonly place: Place | undefined;
  readonly text: string;
};

/** An answer that Slack does not take now is owed: somebody wants to know what became of it. */
export async function answered({ answers }: Wire, answer: Answer, work: Promise<unknown>) {
  const { about, to, place, text } = answer;
  try {
    await work;
  } catch (error) {
    answers.log.warn({ err: error, about }, 'Slack did not take an answer; it is owed');
    const channel = place instanceof Object ? { channel: place.channelId } : {};
    await oweAnswer(answers, { to, ...channel, text }).catch((failure: unknown) =>
      answers.log.error({ err: failure, about }, 'Somebody stays without an answer'),
    );
  }
}

/** Runs an acknowledgement and measures how long Slack waited for it. */
export function measuredAck<Args extends readonly unknown[]>(
  { observe, answers }: Wire,
  kind: DeliveryKind,
  ack: (...args: Args) => Promise<unknown>,
) {
  const startedMs = answers.monotonicMs();
  return async (...args: Args) => {
    await ack(...args);
    observe.ack({ kind, ms: answers.monotonicMs() - startedMs });
  };
}

export const NOT_OURS =
  'Signalman answers full members of its own workspace only. Please ask one of them.';
