import type { Alert } from '#domain/effect.ts';
import { raising } from '#domain/incident.ts';
import { alerting, type Observe } from '#domain/look.ts';
import { whyNot } from '#domain/permission.ts';
import { type EvidenceState, openEvidence } from '#domain/policy/evidence-state.ts';
import { judgeRecovery } from '#domain/policy/judge.ts';
import { wasAsleep } from '#domain/policy/missed-looks.ts';
import { policyOf } from '#domain/policy/policy.ts';
import { type In, type Release, recordOf } from '#domain/release.ts';
import { releaseEntry } from '#domain/release-entry.ts';
import { no, yes } from '#domain/result.ts';
import {
  type Decision,
  type IntentTo,
  type Service,
  withoutLive,
  withRelease,
} from '#domain/service.ts';
import type { Instant } from '#domain/time.ts';

/** Recovery has to hold for the whole stability window; missing data is not recovery. */
export function observeRecovery(
  service: Service,
  release: In<'recovering'>,
  { by, reading, history, lookMs }: Observe,
  at: Instant,
): Decision<Service> {
  const { facts, healthySince, notRecoveringTold } = release;
  const { id, plan } = facts;
  const policy = policyOf(plan, lookMs);
  const before = release.evidence ?? openEvidence(policy, history ?? []);
  const { state, recovered, words } = judgeRecovery(policy, before, { at, reading });
  const { healthySince: _, ...unhealthy } = { ...release, evidence: state };
  const since = wasAsleep(policy, before, state) ? at : (healthySince ?? at);
  const sync = { sync: 'card', release: id } as const;
  if (recovered && at - since >= plan.rollback.stabilityWindowMs)
    return yes(rolledBack(service, release, state, { by, at, words }));
  if (recovered)
    return yes({
      next: withRelease(service, { ...unhealthy, healthySince: since }),
      owes: healthySince === since ? [] : [sync],
    });
  const late = at - release.since >= 2 * plan.rollback.stabilityWindowMs && !notRecoveringTold;
  return yes({
    next: withRelease(service, { ...unhealthy, ...(late && { notRecoveringTold: true }) }),
    owes: late ? [...raising(release, { what: 'not_recovering', words }), sync] : [],
  });
}

/**
 * Where stable has too little traffic, or its metrics are gone, recovery can never be verified.
 * An operator may say so and why, and the register keeps that it was not verified.
 */
export function endUnverified(
  service: Service,
  release: In<'recovering'>,
  { by, reason }: IntentTo<'abort'>,
  at: Instant,
): Decision<Service> {
  const forbidden = whyNot(by, 'end_recovery');
  if (forbidden) return no(forbidden);
  if (!reason) return no({ code: 'reason_missing' });
  const { from, to, facts } = release;
  const unverified = { by: by.actor, reason };
  const next: Release = { ...ended(release, at), unverified };
  return yes({
    next: withRelease(withoutLive(service), next),
    audit: releaseEntry(release, {
      by,
      at,
      action: 'abort',
      reason,
      from,
      to,
      details: { recovery: 'not verified' },
    }),
    owes: [
      alerting(release, { what: 'unverified', to, ...unverified }),
      { sync: 'card', release: facts.id },
    ],
  });
}

function ended(release: In<'recovering'>, at: Instant): In<'rolled_back'> {
  const { from, to, reason, by } = release;
  return {
    ...recordOf(release),
    phase: 'rolled_back',
    at,
    from,
    to,
    reason,
    by,
    incident: { openedAt: release.since, ...release.incident, closedAt: at },
  };
}

function rolledBack(
  service: Service,
  release: In<'recovering'>,
  evidence: EvidenceState,
  { by, at, words }: { by: Observe['by']; at: Instant; words: string },
) {
  const { from, to, facts } = release;
  const next: Release = { ...ended(release, at), evidence };
  const alert: Alert = { what: 'recovered', to, killed: facts.plan.rollback.kill };
  return {
    next: withRelease(withoutLive(service), next),
    audit: releaseEntry(release, { by, at, action: 'recover', reason: words, from, to }),
    owes: [alerting(release, alert), { sync: 'card' as const, release: facts.id }],
  };
}
