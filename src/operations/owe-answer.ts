import type { Effect } from '#domain/effect.ts';
import { yes } from '#domain/result.ts';
import type { Clock } from '#operations/clock.ts';
import type { ChangeStore } from '#store/port.ts';

export type OweAnswerDeps = { readonly store: ChangeStore; readonly clock: Clock };
type Answer = Omit<Extract<Effect, { tell: 'answer' }>, 'tell'>;

/** What was decided stands in the register already; only the person does not know it yet. */
export async function oweAnswer({ store, clock }: OweAnswerDeps, answer: Answer): Promise<void> {
  await store.change(
    { kind: 'register', name: 'answers' },
    () => yes({ next: null, owes: [{ tell: 'answer', ...answer }] }),
    { at: clock() },
  );
}
