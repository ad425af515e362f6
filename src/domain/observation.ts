import type { Alert, Effect } from '#domain/effect.ts';
import { type EvidenceState, openEvidence } from '#domain/policy/evidence-state.ts';
import { judge, judgeRecovery } from '#domain/policy/judge.ts';
import { policyOf } from '#domain/policy/policy.ts';
import { type In, type Release, recordOf, stepAt, weightAt } from '#domain/release.ts';
import { releaseEntry, verdictDetails } from '#domain/release-entry.ts';
import { yes } from '#domain/result.ts';
import { rollBack } from '#domain/rollback.ts';
import {
  type Decision,
  type IntentTo,
  type JudgedWindow,
  type Service,
  unchanged,
  withRelease,
} from '#domain/service.ts';
import { askToEnter, dwellLeftMs } from '#domain/step.ts';
import { elapsedMs, type Instant } from '#domain/time.ts';
import type { Verdict } from '#domain/verdict.ts';

type Observe = IntentTo<'observe'>;

/** A poll has come in: judge it, and do what the verdict asks for. */
export function observeServing(
  service: Service,
  release: In<'progressing'> | In<'paused'>,
  intent: Observe,
  at: Instant,
): Decision<Service> {
  const { release: seen, verdict, judged } = look(release, intent, at);
  const decision = follow(service, seen, verdict, intent, at);
  if (!decision.ok) return decision;
  const { audit, owes } = decision.value;
  const said = audit ? undefined : verdictEntry(release, seen, intent, at);
  return yes({
    ...decision.value,
    ...(said && { audit: said.audit }),
    owes: said ? [...owes, ...said.owes] : owes,
    ...(judged && { judged }),
  });
}

/** The policy acts through what people can do, and never through more: it cannot approve. */
function follow(
  service: Service,
  release: In<'progressing'> | In<'paused'>,
  verdict: Verdict,
  intent: Observe,
  at: Instant,
): Decision<Service> {
  if (verdict.says === 'stop') return stop(service, release, verdict, intent, at);
  const kept = yes({ next: withRelease(service, release), owes: [] });
  if (release.phase === 'paused') return kept;
  if (verdict.reason === 'suspicion') return voidApprovals(service, release);
  if (verdict.reason === 'not_enough_evidence')
    return tellHeldTooLong(service, release, verdict, at);
  if (verdict.says !== 'allow' || release.ask || release.declinedBy) return kept;
  const next = release.step + 1;
  return askToEnter(service, release, {
    step: next,
    by: intent.by,
    at,
    judged: false,
    action: 'advance',
  });
}

function stop(
  service: Service,
  release: In<'progressing'> | In<'paused'>,
  verdict: Verdict,
  { by }: Observe,
  at: Instant,
): Decision<Service> {
  const { mode, askTimeoutMs } = release.facts.plan.rollback;
  const { stopAskedAt } = release;
  const mayAct = mode === 'auto' || (stopAskedAt !== undefined && at - stopAskedAt >= askTimeoutMs);
  if (mayAct) return rollBack(service, release, { by, reason: verdict.words, verdict }, at);
  if (stopAskedAt !== undefined)
    return yes({ next: withRelease(service, withoutAsk(release)), owes: [] });
  const next = { ...withoutAsk(release), stopAskedAt: at, incident: { openedAt: at } };
  return yes({
    next: withRelease(service, next),
    audit: releaseEntry(release, {
      by,
      at,
      action: 'stop_asked',
      reason: verdict.words,
      step: release.step,
      details: { verdict: verdictDetails(verdict) },
    }),
    owes: [
      alerting(release, { what: 'stop_asked', verdict, timeoutMs: askTimeoutMs }),
      { sync: 'card', release: release.facts.id },
    ],
  });
}

/** A suspicion voids what was asked and granted: the yes was given to a candidate that looked well. */
function voidApprovals(service: Service, release: In<'progressing'>): Decision<Service> {
  const isAsking = release.ask !== undefined || release.grantedUpTo !== undefined;
  return yes({
    next: withRelease(service, withoutAsk(release)),
    owes: isAsking ? [{ sync: 'card', release: release.facts.id }] : [],
  });
}

function withoutAsk<R extends In<'progressing'> | In<'paused'>>(release: R): R {
  if (release.phase === 'paused') return release;
  const { ask: _ask, grantedUpTo: _granted, ...rest } = release;
  return rest as R;
}

/** Thin evidence never ships by itself: after the longest allowed time a person is asked, once a step. */
function tellHeldTooLong(
  service: Service,
  release: In<'progressing'>,
  verdict: Verdict,
  at: Instant,
): Decision<Service> {
  const { id, plan } = release.facts;
  const heldMs = elapsedMs(release.since, at);
  if (heldMs < plan.maxHoldMs || release.heldTooLongTold)
    return yes({ next: withRelease(service, release), owes: [] });
  return yes({
    next: withRelease(service, { ...release, heldTooLongTold: true }),
    owes: [
      { tell: 'thread', release: id, notice: { what: 'held_too_long', verdict, heldMs } },
      { sync: 'card', release: id },
    ],
  });
}

/** After completion only absolute limits can speak, so a stop asks people instead of acting. */
export function observeWatch(
  service: Service,
  release: In<'completed'>,
  intent: Observe,
  at: Instant,
): Decision<Service> {
  if (release.watchOver) return unchanged(service);
  const { id } = release.facts;
  const { release: seen, verdict, judged } = look(release, intent, at);
  const record = judged ? { judged } : {};
  if (verdict.says === 'stop' && (!seen.incident || seen.incident.closedAt))
    return yes({
      ...record,
      next: withRelease(service, { ...seen, incident: { openedAt: at } }),
      audit: releaseEntry(release, {
        by: intent.by,
        at,
        action: 'watch_stop',
        reason: verdict.words,
        details: { verdict: verdictDetails(verdict) },
      }),
      owes: [alerting(release, { what: 'watch_stop', verdict }), { sync: 'card', release: id }],
    });
  if (at < release.watchUntil)
    return yes({ ...record, next: withRelease(service, seen), owes: [] });
  return yes({
    ...record,
    next: withRelease(service, { ...seen, watchOver: true }),
    audit: releaseEntry(release, {
      by: intent.by,
      at,
      action: 'watch_over',
      reason: verdict.words,
    }),
    owes: [
      { tell: 'thread', release: id, notice: { what: 'watch_over' } },
      { sync: 'card', release: id },
    ],
  });
}

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

type Looked<R> = { readonly release: R; readonly verdict: Verdict; readonly judged?: JudgedWindow };

/** Folds a reading into the evidence and asks the policy. */
function look<R extends In<'progressing'> | In<'paused'> | In<'completed'>>(
  release: R,
  { reading, history }: Observe,
  at: Instant,
): Looked<R> {
  const { plan, id, candidate, stable } = release.facts;
  const policy = policyOf(plan);
  const before = release.evidence ?? openEvidence(policy, history ?? [], release.earlier);
  const step = release.phase === 'completed' ? plan.steps.length : release.step;
  const { state, verdict, closed } = judge(policy, before, {
    at,
    reading,
    step,
    candidate,
    stable,
    ...(release.phase === 'completed'
      ? { mode: 'watch', weightPercent: 100, dwellOver: true }
      : { mode: 'step', ...ladder(release, at) }),
  });
  return {
    release: { ...release, evidence: state, verdict, verdictAt: at },
    verdict,
    ...(closed && { judged: { release: id, step, window: closed, verdict } }),
  };
}

function ladder(release: In<'progressing'> | In<'paused'>, at: Instant) {
  const { plan } = release.facts;
  const { step } = release;
  const isLast = step === plan.steps.length - 1;
  return {
    weightPercent: weightAt(plan, step),
    ...(!isLast && { nextWeightPercent: weightAt(plan, step + 1) }),
    dwellOver: release.phase === 'progressing' && dwellLeftMs(release, at) === 0,
    dwellMs: stepAt(plan, step).dwellMs,
  };
}

/** The register hears of a verdict when it says something else than the one before it. */
function verdictEntry(before: Release, seen: Release, { by }: Observe, at: Instant) {
  const { verdict } = seen;
  const isNews =
    verdict?.says !== before.verdict?.says || verdict?.reason !== before.verdict?.reason;
  if (!verdict || !isNews) return undefined;
  const { id } = before.facts;
  const owes: Effect[] = [{ sync: 'card', release: id }];
  if (isWorthTelling(before.verdict, verdict))
    owes.push({ tell: 'thread', release: id, notice: { what: 'verdict_changed', verdict } });
  return {
    owes,
    audit: releaseEntry(before, {
      by,
      at,
      action: 'verdict',
      reason: verdict.words,
      details: verdictDetails(verdict),
      ...('step' in before && { step: before.step }),
    }),
  };
}

/** People hear of trouble and of its end; that evidence is still gathering stands on the card. */
function isWorthTelling(before: Verdict | undefined, now: Verdict): boolean {
  const isTrouble = ({ reason }: Verdict) =>
    reason === 'suspicion' || reason === 'no_data' || reason === 'sample_ratio';
  return isTrouble(now) || (before !== undefined && isTrouble(before));
}

const alerting = (release: Release, alert: Alert): Effect => ({
  tell: 'alert',
  release: release.facts.id,
  alert,
});
