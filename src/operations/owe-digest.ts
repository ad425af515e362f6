import { yes } from '#domain/result.ts';
import type { Clock } from '#operations/clock.ts';
import type { ChangeStore } from '#store/port.ts';
import type { Queries } from '#store/queries.ts';

type DigestDeps = {
  readonly store: ChangeStore;
  readonly queries: Pick<Queries, 'services'>;
  readonly clock: Clock;
};

/** With nothing in flight nothing is said: a message that says nothing is one too many. */
export async function oweDigest({ store, queries, clock }: DigestDeps): Promise<void> {
  if (!queries.services().some(({ live }) => live !== undefined)) return;
  const at = clock();
  await store.change(
    { kind: 'register', name: 'digest' },
    () => yes({ next: null, owes: [{ sync: 'digest', at }] }),
    { at },
  );
}
