// Does a change give agents more than they had? One question for whatever has to hold that back.

import { exposurePercent, type Flag } from '#domain/flag.ts';
import type { KillSwitch } from '#domain/killswitch.ts';
import { isServing, type Release, weightOf } from '#domain/release.ts';
import type { Service } from '#domain/service.ts';

/** A start, a higher weight, a resumption, a completion, an unlocked version. */
export function givesServiceMore(before: Service | undefined, next: Service): boolean {
  // Only the configuration adds a service, with a version that agents run already.
  if (!before) return false;
  const { live, crowned, locks } = next;
  const unlocked = (service: Service) => service.locks.filter((lock) => lock.unlocked).length;
  return (
    (live !== undefined && goesAhead(before.live, live)) ||
    (crowned?.phase === 'completed' && crowned.facts.id !== before.crowned?.facts.id) ||
    (locks.length > 0 && unlocked(next) > unlocked(before))
  );
}

function goesAhead(before: Release | undefined, live: Release): boolean {
  const isNew = before?.facts.id !== live.facts.id;
  if (live.phase === 'proposed') return isNew;
  if (live.phase !== 'progressing') return false;
  return (
    isNew || !isServing(before) || before.phase === 'paused' || weightOf(live) > weightOf(before)
  );
}

/** Raised, asked to be raised, opened to more people, or gone, which leaves agents to themselves. */
export function givesFlagMore(before: Flag, next: Flag): boolean {
  const isOpened = before.state === 'off' && next.state !== 'off' && next.allowed.length > 0;
  return (
    exposurePercent(next) > exposurePercent(before) ||
    isOpened ||
    next.requests > before.requests ||
    next.allowed.some((user) => !before.allowed.includes(user)) ||
    (next.archived && !before.archived)
  );
}

export const letsAgentsGo = (before: KillSwitch, next: KillSwitch) => before.isOn && !next.isOn;
