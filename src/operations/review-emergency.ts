import type { Refusal } from '#domain/refusal.ts';
import { no, type Result } from '#domain/result.ts';
import { decideReview, type ReviewIntent, type Reviews } from '#domain/review.ts';
import type { Clock } from '#operations/clock.ts';
import { refused } from '#operations/refused-entry.ts';
import { requestOf } from '#operations/request-of.ts';
import type { ChangeStore, Committed } from '#store/port.ts';

export type ReviewDeps = { readonly store: ChangeStore; readonly clock: Clock };

/** Somebody has looked at what another one did, and writes down what was found. */
export function reviewEmergency(
  { store, clock }: ReviewDeps,
  { inboxKey, ...intent }: ReviewIntent & { readonly inboxKey: string },
): Promise<Result<Committed<Reviews>, Refusal>> {
  const at = clock();
  const { entry, by } = intent;
  return store.change(
    { kind: 'reviews', name: `${entry}` },
    (reviews) => {
      const decision = decideReview(reviews, intent, at);
      if (decision.ok) return decision;
      const target = reviews.find((one) => one.entry === entry)?.of.target ?? {};
      const asked = { at, actor: by.actor, action: 'emergency_reviewed', target };
      return no(refused(decision.refusal, asked));
    },
    requestOf({ by, inboxKey }, at),
  );
}
