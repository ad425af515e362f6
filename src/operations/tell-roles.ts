import type { Asker } from '#domain/actor.ts';
import { yes } from '#domain/result.ts';
import { noteRoles, rolesIn } from '#domain/roles.ts';
import type { Settings } from '#domain/settings.ts';
import type { Clock } from '#operations/clock.ts';
import { requestOf } from '#operations/request-of.ts';
import type { ChangeStore } from '#store/port.ts';

type RolesDeps = { readonly store: ChangeStore; readonly clock: Clock };

/** At each start and reload: the register hears who holds which role, when that is another than before. */
export async function tellRoles(
  { store, clock }: RolesDeps,
  settings: Settings,
  by: Asker,
): Promise<void> {
  const at = clock();
  const now = rolesIn(settings);
  await store.change(
    { kind: 'roles', name: 'file' },
    (known) => yes(noteRoles(known, { now, by, at })),
    requestOf({ by }, at),
  );
}
