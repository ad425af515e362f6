import type { Actor, Asker } from '#domain/actor.ts';
import type { Alert, Effect } from '#domain/effect.ts';
import { raising } from '#domain/incident.ts';
import { cutForRecovery } from '#domain/policy/evidence-state.ts';
import type { Refusal } from '#domain/refusal.ts';
import { type In, type Incident, isServing, type Release, recordOf } from '#domain/release.ts';
import { releaseEntry, verdictDetails } from '#domain/release-entry.ts';
import { no, yes } from '#domain/result.ts';
import { type Decision, type Lock, lockOn, type Service, withRelease } from '#domain/service.ts';
import type { Instant } from '#domain/time.ts';
import type { Verdict } from '#domain/verdict.ts';

type Rollbackable = In<'progressing'> | In<'paused'> | In<'recovering'> | In<'completed'>;

type Wanted = {
  readonly by: Asker;
  readonly reason: string;
  /** A former stable version, when it should not be the one that the release came from. */
  readonly version?: string;
  /** What the policy saw, when it was the policy that stopped the release. */
  readonly verdict?: Verdict;
};

/** Takes all traffic back at once, locks what is left behind, and opens the incident. */
export function rollBack(
  service: Service,
  release: Rollbackable,
  wanted: Wanted,
  at: Instant,
): Decision<Service> {
  const { by, reason, version, verdict } = wanted;
  const places = placesOf(service, release);
  const target = version === undefined ? places[0] : places.find((place) => place === version);
  if (target === undefined) return no(whyNoTarget(service, places, version));

  const from = versionLeft(release);
  const abandoned = [from, service.stable].filter(
    (left): left is string => left !== undefined && left !== target,
  );
  const next: Release = {
    ...recordOf(release),
    phase: 'rolling_back',
    since: at,
    from,
    to: target,
    reason,
    by: by.actor,
    incident: incidentOf(release, at),
    evidence: release.evidence && cutForRecovery(release.evidence),
  };
  const { live: _live, crowned: _crowned, ...rest } = service;
  const alert: Alert = {
    what: 'rolling_back',
    from,
    to: target,
    by: by.actor,
    reason,
    ...(verdict && { verdict }),
  };
  return yes({
    next: {
      ...withRelease(rest, next),
      stable: target,
      former: formerThan(service, target),
      locks: lockAll(service, release, abandoned, { by: by.actor, reason, at }),
    },
    audit: releaseEntry(release, {
      by,
      at,
      action: 'rollback',
      reason,
      from,
      to: target,
      switchStatus: 'owed',
      ...(isServing(release) && { step: release.step }),
      ...(verdict && { details: { verdict: verdictDetails(verdict) } }),
    }),
    owes: owed(service.name, release, alert),
  });
}

/**
 * What was closed before is over; this is another incident. In an open one, what was acknowledged
 * was something else, and the second channel knows of it already.
 */
function incidentOf({ incident }: Release, at: Instant): Incident {
  if (!incident || incident.closedAt !== undefined) return { openedAt: at };
  const { acknowledgedBy: _, ...open } = incident;
  return open;
}

/** The version whose traffic goes away: the candidate, or what a first rollback had gone to. */
const versionLeft = (release: Rollbackable) =>
  release.phase === 'recovering' ? release.to : release.facts.candidate;

/** While the candidate has a share only, the first place is the version that it came from. */
const placesOf = (service: Service, release: Rollbackable): readonly string[] => [
  ...(isServing(release) ? [release.facts.stable] : []),
  ...placesBack(service),
];

/** Former stable versions, the newest first; one that was locked since gets no traffic either. */
export const placesBack = (service: Service) =>
  service.former.filter((version) => !lockOn(service, version));

function whyNoTarget(
  service: Service,
  places: readonly string[],
  version: string | undefined,
): Refusal {
  if (version === undefined) return { code: 'no_former_stable', service: service.name };
  const lock = service.former.includes(version) ? lockOn(service, version) : undefined;
  return lock
    ? { code: 'version_locked', version, reason: lock.reason }
    : { code: 'not_a_former_stable', version, former: places };
}

/** What remains to go back to: everything older than where traffic goes now, which is all if it never left. */
const formerThan = ({ former }: Service, target: string): readonly string[] =>
  former.slice(former.indexOf(target) + 1);

function lockAll(
  service: Service,
  release: Release,
  versions: readonly string[],
  why: { readonly by: Actor; readonly reason: string; readonly at: Instant },
): readonly Lock[] {
  if (!release.facts.plan.rollback.lockCandidate) return service.locks;
  const isLocked = (version: string) =>
    service.locks.some((lock) => lock.version === version && !lock.unlocked);
  const fresh = [...new Set(versions)].filter((version) => !isLocked(version));
  return [
    ...service.locks,
    ...fresh.map((version) => ({ version, release: release.facts.id, ...why })),
  ];
}

function owed(service: string, release: Release, alert: Alert): Effect[] {
  const { id, plan } = release.facts;
  return [
    { sync: 'traffic', service },
    ...raising(release, alert),
    { sync: 'card', release: id },
    ...plan.rollback.kill.map((name) => ({ throw: 'killswitch' as const, name, release: id })),
  ];
}
