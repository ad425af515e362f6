import { yes } from '#domain/result.ts';
import { isOverdue } from '#domain/review.ts';
import type { Clock } from '#operations/clock.ts';
import type { ChangeStore } from '#store/port.ts';
import type { Queries } from '#store/queries.ts';

type DigestDeps = {
  readonly store: ChangeStore;
  readonly queries: Pick<Queries, 'services' | 'waitingReviews'>;
  readonly clock: Clock;
};

/** With nothing in flight, and nothing overdue, nothing is said: a message that says nothing is one too many. */
export async function oweDigest({ store, queries, clock }: DigestDeps): Promise<void> {
  const at = clock();
  const isInFlight = queries.services().some(({ live }) => live !== undefined);
  if (!isInFlight && !queries.waitingReviews().some((one) => isOverdue(one, at))) return;
  await store.change(
    { kind: 'register', name: 'digest' },
    () => yes({ next: null, owes: [{ sync: 'digest', at }] }),
    { at },
  );
}
