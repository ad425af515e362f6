import type { Asker } from '#domain/actor.ts';
import type { Change } from '#domain/service.ts';
import type { Settings } from '#domain/settings.ts';
import { changesIn } from '#domain/settings-difference.ts';
import { type Lines, linesOfFile, linesOfService } from '#domain/settings-lines.ts';
import type { Instant } from '#domain/time.ts';

/** Who holds which role by the file, line by line, as the register was told last. */
export type Roles = Readonly<Record<string, string>>;

const isOfPeople = (key: string) => key.startsWith('people.') || key === 'identities';

/** Nobody named is no line, so that a service without people of its own has none. */
const linesOfPeople = (lines: Lines, prefix = '') =>
  [...lines].flatMap(([key, { text }]) =>
    isOfPeople(key) && text !== '[]' ? [[`${prefix}${key}`, text] as const] : [],
  );

export const rolesIn = (settings: Settings): Roles =>
  Object.fromEntries([
    ...linesOfPeople(linesOfFile(settings)),
    ...[...settings.services.values()].flatMap((service) =>
      linesOfPeople(linesOfService(settings, service), `${service.name}: `),
    ),
  ]);

type Told = { readonly now: Roles; readonly by: Asker; readonly at: Instant };

/**
 * Auditors ask who could approve on a day long ago. So whatever the file says of people is told to
 * the register with what changed, also when it was edited while nothing ran that could notice.
 */
export function noteRoles(
  known: Roles | undefined,
  { now, by, at }: Told,
): Change<Roles | undefined> {
  const differences = changesIn(asLines(known ?? {}), asLines(now));
  if (differences.length === 0) return { next: known, owes: [] };
  return {
    next: now,
    owes: [],
    audit: {
      at,
      actor: by.actor,
      action: 'roles_changed',
      target: {},
      from: '',
      to: '',
      reason: 'what the configuration file says of people',
      outcome: 'done',
      details: { differences: [...differences] },
    },
  };
}

const asLines = (roles: Roles): Lines =>
  new Map(Object.entries(roles).map(([key, text]) => [key, { text }]));
