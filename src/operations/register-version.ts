import type { Asker } from '#domain/actor.ts';
import { isVersion } from '#domain/name.ts';
import type { Refusal } from '#domain/refusal.ts';
import { no, type Result, yes } from '#domain/result.ts';
import type { RegisteredVersion } from '#domain/version.ts';
import type { Clock } from '#operations/clock.ts';
import { refused } from '#operations/refused-entry.ts';
import { requestOf } from '#operations/request-of.ts';
import type { ChangeStore, Committed } from '#store/port.ts';

export type RegisterDeps = {
  readonly store: ChangeStore;
  readonly clock: Clock;
  readonly serviceNames: () => readonly string[];
};

export type Registration = Omit<RegisteredVersion, 'registeredAt' | 'registeredBy'> & {
  readonly by: Asker;
};

/** A version is one immutable build: registering it again changes nothing. */
export function registerVersion(
  { store, clock, serviceNames }: RegisterDeps,
  { by, ...registration }: Registration,
): Promise<Result<Committed<RegisteredVersion | undefined>, Refusal>> {
  const at = clock();
  const { service, version, commit = '' } = registration;
  const target = { service, version };
  const asked = { at, actor: by.actor, action: 'register_version', target };
  return store.change(
    { kind: 'version', name: `${service}@${version}` },
    (known) => {
      const names = serviceNames();
      if (!names.includes(service))
        return no(refused({ code: 'unknown_service', service, known: names }, asked));
      if (!isVersion(version)) return no(refused({ code: 'bad_version', version }, asked));
      if (known) return yes({ next: known, owes: [] });
      return yes({
        next: { ...registration, registeredBy: by.actor, registeredAt: at },
        owes: [],
        audit: { ...asked, from: '', to: version, reason: commit, outcome: 'done' },
      });
    },
    requestOf({ by }, at),
  );
}
