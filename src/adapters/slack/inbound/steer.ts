import type { AnswerDeps, Asking } from '#adapters/slack/inbound/deps.ts';
import { serviceNames } from '#adapters/slack/inbound/names.ts';
import { askerOf } from '#adapters/slack/inbound/standing.ts';
import { doneWords } from '#adapters/slack/inbound/steer-words.ts';
import type { Refusal } from '#domain/refusal.ts';
import { type Result, yes } from '#domain/result.ts';
import type { ServiceIntent } from '#domain/service.ts';
import { steerService } from '#operations/steer-service.ts';

/** What a person may want of a release or its service; who they are is looked up here. */
export type SteerWish = WithoutBy<
  Exclude<ServiceIntent, { readonly to: 'start' | 'observe' | 'confirm_traffic' | 'escalate' }>
>;
type WithoutBy<Intent> = Intent extends unknown ? Omit<Intent, 'by'> : never;

/** Done: a sentence on what happened and what happens next. */
export type Outcome = Result<string, Refusal>;

const NO_REASON = 'no reason given';

/** A command, a button and a modal all end here, so they cannot differ in what they permit. */
export async function steer(
  deps: AnswerDeps,
  asking: Asking,
  service: string,
  wish: SteerWish,
): Promise<Outcome> {
  const by = await askerOf(deps, asking, wish.to, service);
  const outcome = await steerService(
    { store: deps.store, clock: deps.clock, serviceNames: () => serviceNames(deps) },
    { service, intent: { ...withReason(wish), by }, inboxKey: asking.inboxKey },
  );
  return outcome.ok ? yes(doneWords(deps, wish, outcome.value.state)) : outcome;
}

/** The register shows that nobody said why; unlocking alone insists on a reason. */
function withReason(wish: SteerWish): SteerWish {
  if (!('reason' in wish) || wish.reason || wish.to === 'unlock') return wish;
  return { ...wish, reason: NO_REASON };
}
