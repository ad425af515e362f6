import { CLOCK, trusted } from '#domain/actor.ts';
import { isUnseen } from '#domain/incident.ts';
import type { Release } from '#domain/release.ts';
import type { Settings } from '#domain/settings.ts';
import { elapsedMs } from '#domain/time.ts';
import { TryLater } from '#operations/reconcile.ts';
import { type SteerDeps, steerService } from '#operations/steer-service.ts';
import type { Owed } from '#store/port.ts';
import type { Queries } from '#store/queries.ts';

export type Unseen = {
  readonly release: Release;
  readonly waitedMs: number;
  /** The same for every try of one incident, so that a receiver can tell a repetition. */
  readonly dedupKey: string;
};

/** A way to people that does not go through Slack. It throws when it did not work. */
export type SecondChannel = { readonly tell: (unseen: Unseen) => Promise<void> };

export type EscalateDeps = SteerDeps & {
  readonly queries: Pick<Queries, 'release'>;
  readonly settings: () => Pick<Settings, 'alerts'>;
  /** The one that is configured now, if there is one. */
  readonly secondChannel: () => SecondChannel | undefined;
};

/**
 * Looks whether an alert was seen, once it has waited long enough. It asks nothing of Slack: an
 * alert that could not be delivered there was not seen either.
 */
export async function escalate(deps: EscalateDeps, id: number, owed: Owed): Promise<void> {
  const { queries, settings, clock, secondChannel } = deps;
  const release = queries.release(id);
  if (!release?.incident || !isUnseen(release)) return;
  const { unseenAfterMs } = settings().alerts;
  const at = clock();
  // A clock that was set back cannot say how long it was; too early is better than an hour late.
  const waitedMs = at < owed.owedAt ? unseenAfterMs : elapsedMs(owed.owedAt, at);
  const leftMs = unseenAfterMs - waitedMs;
  if (leftMs > 0) throw new TryLater('Somebody may still acknowledge the alert', leftMs);

  const channel = secondChannel();
  const dedupKey = `signalman-${id}-${release.incident.openedAt}`;
  await channel?.tell({ release, waitedMs, dedupKey });
  const paged = channel !== undefined;
  await steerService(deps, {
    service: release.facts.service,
    intent: { to: 'escalate', by: trusted(CLOCK), release: id, waitedMs, paged },
  });
}
