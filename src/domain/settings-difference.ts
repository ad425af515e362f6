// What an edit of signalman.yml changed, in lines for the log and the register, and why an edit
// must not be taken over.

import type { Settings } from '#domain/settings.ts';
import { type Lines, linesOfFile, linesOfService, type Said } from '#domain/settings-lines.ts';

/** Human lines such as `support-agent: guards.error_rate.max 0.05 → 0.03`; none when all is equal. */
export function differenceOf(before: Settings, after: Settings): readonly string[] {
  const names = new Set([...before.services.keys(), ...after.services.keys()]);
  return [
    ...changesIn(linesOfFile(before), linesOfFile(after)),
    ...[...names].toSorted().flatMap((name) => {
      const [was, is] = [before.services.get(name), after.services.get(name)];
      if (!was) return [`${name}: added`];
      if (!is) return [`${name}: removed`];
      const changes = changesIn(linesOfService(before, was), linesOfService(after, is));
      return changes.map((change) => `${name}: ${change}`);
    }),
  ];
}

/** Why the edit must wait; none when it may be taken over. The file before stays in force till then. */
export function whyNotReload(
  before: Settings,
  after: Settings,
  liveServices: Iterable<string>,
): readonly string[] {
  const reasons = whyNotWithout(after, liveServices);
  if (before.defaultEnvironment === after.defaultEnvironment) return reasons;
  // Each plain name would mean another environment, for tokens and agents that are being served.
  return [
    ...reasons,
    `default_environment cannot change while Signalman runs; it stays ${before.defaultEnvironment}`,
  ];
}

/**
 * What stands in a database without an environment is in the one it was begun with. With another
 * one a kill switch that is on would stop agents it was not thrown for, and let the others go.
 */
export function whyNotEnvironment(
  { defaultEnvironment: after }: Settings,
  before: string | undefined,
): readonly string[] {
  if (before === undefined || before === after) return [];
  return [
    `default_environment is ${after}, but in this database every name without an environment is in ${before}`,
    `set it back to ${before}, and write what is in ${after} as support-agent/${after}; or begin with another database (DATABASE_PATH)`,
  ];
}

/** A service that left the file would be archived, and its agents would hear nothing any more. */
export function whyNotWithout(
  { services }: Settings,
  liveServices: Iterable<string>,
): readonly string[] {
  const gone = [...liveServices].filter((name) => !services.has(name));
  return gone.map(
    (name) => `${name} has a live release; finish it or roll it back, then remove the service`,
  );
}

export function changesIn(before: Lines, after: Lines): readonly string[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  return keys.flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    if (was?.text === is?.text) return [];
    if (was?.isSecret || is?.isSecret) return [`${key} ${secretChange(was, is)}`];
    return [`${key} ${was?.text ?? 'not set'} → ${is?.text ?? 'not set'}`];
  });
}

function secretChange(was: Said | undefined, is: Said | undefined): string {
  if (!was) return 'set';
  return is ? 'changed' : 'removed';
}
