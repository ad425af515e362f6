import { yes } from '#domain/result.ts';
import type { Settings } from '#domain/settings.ts';
import type { Clock } from '#operations/clock.ts';
import type { ChangeStore } from '#store/port.ts';

type WelcomeDeps = { readonly store: ChangeStore; readonly clock: Clock };

/**
 * Each channel that the file names hears once what Signalman does there. It is owed at every start;
 * whoever carries it out knows where it was said already.
 */
export async function oweFirstWords(
  { store, clock }: WelcomeDeps,
  { channel, services }: Settings,
): Promise<void> {
  const channels = new Set([channel, ...[...services.values()].map((one) => one.channel)]);
  const owes = [...channels].map((one) => ({ sync: 'welcome', channel: one }) as const);
  await store.change({ kind: 'register', name: 'channels' }, () => yes({ next: null, owes }), {
    at: clock(),
  });
}
