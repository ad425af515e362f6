import { yes } from '#domain/result.ts';
import { isReminderDue, remind } from '#domain/review.ts';
import type { Clock } from '#operations/clock.ts';
import type { ChangeStore } from '#store/port.ts';
import type { Queries } from '#store/queries.ts';

type RemindDeps = {
  readonly store: ChangeStore;
  readonly queries: Pick<Queries, 'reviewsToRemind'>;
  readonly clock: Clock;
};

/** Asked at each poll, so that what was due while the process was down is due at its first one. */
export async function remindOfReviews({ store, queries, clock }: RemindDeps): Promise<void> {
  const at = clock();
  if (!isReminderDue(queries.reviewsToRemind(), at)) return;
  const waiting = { kind: 'reviews', name: 'waiting' } as const;
  await store.change(waiting, (reviews) => yes(remind(reviews, at)), { at });
}
