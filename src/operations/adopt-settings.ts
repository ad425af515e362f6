import type { Asker } from '#domain/actor.ts';
import { yes } from '#domain/result.ts';
import type { Change, Service } from '#domain/service.ts';
import type { ServiceSettings, Settings } from '#domain/settings.ts';
import type { Instant } from '#domain/time.ts';
import type { Clock } from '#operations/clock.ts';
import { requestOf } from '#operations/request-of.ts';
import type { ChangeStore } from '#store/port.ts';
import type { Queries } from '#store/queries.ts';

export type AdoptDeps = {
  readonly store: ChangeStore;
  readonly queries: Pick<Queries, 'services'>;
  readonly clock: Clock;
};

/**
 * Brings the services of the database in line with the file: new ones are added with their first
 * stable version, those that are gone are archived with their history, and what changed is told
 * to the register. The stable version of a known service is never taken from the file again.
 */
export async function adoptSettings(
  { store, queries, clock }: AdoptDeps,
  settings: Settings,
  by: Asker,
  differences: readonly string[],
): Promise<void> {
  const at = clock();
  const request = requestOf({ by }, at);
  if (differences.length > 0)
    await store.change(
      { kind: 'register', name: 'configuration' },
      () => yes({ next: null, owes: [], audit: reloadEntry(by, at, differences) }),
      request,
    );
  for (const service of settings.services.values())
    await store.change(
      { kind: 'service', name: service.name },
      (known) => yes(adopt(known, service, by, at)),
      request,
    );
  for (const { name, archived } of queries.services())
    if (!archived && !settings.services.has(name))
      await store.change(
        { kind: 'service', name },
        (known) => yes(known ? archive(known, by, at) : { next: known, owes: [] }),
        request,
      );
}

/** A file with problems changes nothing, which the register says too. */
export async function noteFaultySettings(
  { store, clock }: Pick<AdoptDeps, 'store' | 'clock'>,
  by: Asker,
  problems: readonly string[],
): Promise<void> {
  const at = clock();
  const entry = { ...reloadEntry(by, at, []), outcome: 'failed' as const };
  const reason = 'the configuration file has problems; the last good one stays';
  await store.change(
    { kind: 'register', name: 'configuration' },
    () =>
      yes({
        next: null,
        owes: [],
        audit: { ...entry, reason, details: { problems: [...problems] } },
      }),
    requestOf({ by }, at),
  );
}

function reloadEntry(by: Asker, at: Instant, differences: readonly string[]) {
  return {
    at,
    actor: by.actor,
    action: 'config_reload',
    target: {},
    from: '',
    to: '',
    reason: 'the configuration file changed',
    outcome: 'done' as const,
    details: { differences: [...differences] },
  };
}

function adopt(
  known: Service | undefined,
  { name, stable }: ServiceSettings,
  by: Asker,
  at: Instant,
): Change<Service | undefined> {
  if (known && !known.archived && (known.stable !== undefined || stable === undefined))
    return { next: known, owes: [] };
  const next: Service = {
    former: [],
    locks: [],
    nextReleaseId: 0,
    ...(stable !== undefined && { stable }),
    ...known,
    ...(known && known.stable === undefined && stable !== undefined && { stable }),
    name,
    archived: false,
  };
  return {
    next,
    owes: [{ sync: 'traffic', service: name }],
    audit: {
      at,
      actor: by.actor,
      action: known ? 'service_restored' : 'service_added',
      target: { service: name },
      from: '',
      to: next.stable ?? '',
      reason: 'listed in the configuration file',
      outcome: 'done',
    },
  };
}

function archive(known: Service, by: Asker, at: Instant): Change<Service | undefined> {
  return {
    next: { ...known, archived: true },
    owes: [],
    audit: {
      at,
      actor: by.actor,
      action: 'service_archived',
      target: { service: known.name },
      from: known.stable ?? '',
      to: '',
      reason: 'no longer in the configuration file; its history is kept',
      outcome: 'done',
    },
  };
}
