import { CLOCK } from '#domain/actor.ts';
import { yes } from '#domain/result.ts';
import type { Clock } from '#operations/clock.ts';
import type { ChangeStore, Owed } from '#store/port.ts';

export type RerouteDeps = { readonly store: ChangeStore; readonly clock: Clock };

type Rerouted = {
  readonly owed: Owed;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
};

/** A message that went elsewhere than the configuration says stands in the register, once. */
export async function noteRerouted({ store, clock }: RerouteDeps, rerouted: Rerouted) {
  const { owed, from, to, reason } = rerouted;
  const { effect } = owed;
  const target = 'release' in effect ? { release: effect.release } : {};
  const at = clock();
  const what = { action: 'message_rerouted', target, from, to, reason } as const;
  const audit = { at, actor: CLOCK, ...what, outcome: 'done' } as const;
  await store.change(
    { kind: 'register', name: 'rerouted' },
    () => yes({ next: null, owes: [], audit }),
    { at, inboxKey: `rerouted:${owed.id}` },
  );
}
