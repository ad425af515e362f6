import type { Alert } from '#domain/effect.ts';
import { alerting, type Observe } from '#domain/look.ts';
import { type EvidenceState, openEvidence } from '#domain/policy/evidence-state.ts';
import { judgeRecovery } from '#domain/policy/judge.ts';
import { policyOf } from '#domain/policy/policy.ts';
import { type In, type Release, recordOf } from '#domain/release.ts';
import { releaseEntry } from '#domain/release-entry.ts';
import { yes } from '#domain/result.ts';
import { type Decision, type Service, withRelease } from '#domain/service.ts';
import type { Instant } from '#domain/time.ts';

/** Recovery has to hold for the whole stability window; missing data is not recovery. */
export function observeRecovery(
  service: Service,
  release: In<'recovering'>,
  { by, reading, history }: Observe,
  at: Instant,
): Decision<Service> {
  const { facts, healthySince, notRecoveringTold } = release;
  const { id, plan } = facts;
  const policy = policyOf(plan);
  const before = release.evidence ?? openEvidence(policy, history ?? []);
  const { state, recovered, words } = judgeRecovery(policy, before, { at, reading });
  const { healthySince: _, ...unhealthy } = { ...release, evidence: state };
  const since = healthySince ?? at;
  const sync = { sync: 'card', release: id } as const;
  if (recovered && at - since >= plan.rollback.stabilityWindowMs)
    return yes(rolledBack(service, release, state, { by, at, words }));
  if (recovered)
    return yes({
      next: withRelease(service, { ...unhealthy, healthySince: since }),
      owes: healthySince === undefined ? [sync] : [],
    });
  const late = at - release.since >= 2 * plan.rollback.stabilityWindowMs && !notRecoveringTold;
  return yes({
    next: withRelease(service, { ...unhealthy, ...(late && { notRecoveringTold: true }) }),
    owes: late ? [alerting(release, { what: 'not_recovering', words }), sync] : [],
  });
}

function rolledBack(
  service: Service,
  release: In<'recovering'>,
  evidence: EvidenceState,
  { by, at, words }: { by: Observe['by']; at: Instant; words: string },
) {
  const { from, to, reason, facts } = release;
  const { live: _, ...rest } = service;
  const next: Release = {
    ...recordOf(release),
    evidence,
    phase: 'rolled_back',
    at,
    from,
    to,
    reason,
    by: release.by,
    incident: { openedAt: release.since, ...release.incident, closedAt: at },
  };
  const alert: Alert = { what: 'recovered', to, killed: facts.plan.rollback.kill };
  return {
    next: withRelease(rest, next),
    audit: releaseEntry(release, { by, at, action: 'recover', reason: words, from, to }),
    owes: [alerting(release, alert), { sync: 'card' as const, release: facts.id }],
  };
}
