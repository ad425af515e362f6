import type { AnswerDeps, Asking } from '#adapters/slack/inbound/deps.ts';
import { askerOf } from '#adapters/slack/inbound/standing.ts';
import type { Outcome } from '#adapters/slack/inbound/steer.ts';
import { yes } from '#domain/result.ts';
import { reviewEmergency } from '#operations/review-emergency.ts';

/** A service may have operators and approvers of its own, and they review what happened to it. */
export async function review(
  deps: AnswerDeps,
  asking: Asking,
  { entry, note }: { readonly entry: number; readonly note: string },
): Promise<Outcome> {
  const service = deps.queries.review(entry)?.of.target.service;
  const by = await askerOf(deps, asking, 'review', service);
  const { inboxKey } = asking;
  const outcome = await reviewEmergency(deps, { entry, by, note, inboxKey });
  return outcome.ok ? yes('Thank you. The register keeps what was found.') : outcome;
}
