import type { Actor } from '#domain/actor.ts';
import { approve, decline, isOfBefore, whyEvidenceForbids } from '#domain/approval.ts';
import { endUnverified, observeRecovery } from '#domain/observe-recovery.ts';
import { observeServing } from '#domain/observe-serving.ts';
import { observeWatch } from '#domain/observe-watch.ts';
import { whyNot } from '#domain/permission.ts';
import type { Ask, In, Phase, Release } from '#domain/release.ts';
import { recordOf, stepAt } from '#domain/release.ts';
import { releaseEntry } from '#domain/release-entry.ts';
import { no, yes } from '#domain/result.ts';
import { rollBack } from '#domain/rollback.ts';
import {
  type Decision,
  type IntentTo,
  type Service,
  type ServiceIntentName,
  withRelease,
} from '#domain/service.ts';
import { askToEnter, dwellLeftMs } from '#domain/step.ts';
import type { Instant } from '#domain/time.ts';

/** The intents that a release answers to; the rest are about the service as a whole. */
export type ReleaseIntentName = Exclude<
  ServiceIntentName,
  'start' | 'unlock' | 'confirm_traffic' | 'escalate'
>;
export type ReleaseIntent = IntentTo<ReleaseIntentName>;

type Rule<R, I> = (service: Service, release: R, intent: I, at: Instant) => Decision<Service>;
type Rules = {
  readonly [P in Phase]: { readonly [I in ReleaseIntentName]?: Rule<In<P>, IntentTo<I>> };
};

/** The whole machine. A blank cell is a refusal; buttons, help and the diagram read this table. */
export const RULES: Rules = {
  proposed: { approve, decline, abort },
  progressing: { approve, decline, promote, pause, rollback, acknowledge, observe: observeServing },
  paused: { resume, rollback, acknowledge, observe: observeServing },
  rolling_back: { acknowledge },
  recovering: { rollback, acknowledge, abort: endUnverified, observe: observeRecovery },
  rolled_back: {},
  completed: { rollback, acknowledge, observe: observeWatch },
  aborted: {},
  declined: {},
};

export function decideRelease(
  service: Service,
  release: Release,
  intent: ReleaseIntent,
  at: Instant,
): Decision<Service> {
  // Phase and intent index one table, a link between two unions that the types cannot follow.
  const rule = RULES[release.phase][intent.to] as Rule<Release, ReleaseIntent> | undefined;
  if (!rule) return no({ code: 'wrong_phase', phase: release.phase, intent: intent.to });
  return rule(service, release, intent, at);
}

export const intentsIn = (phase: Phase) =>
  Object.keys(RULES[phase]) as readonly ReleaseIntentName[];

/** What may be asked of this release right now: which buttons its card has. */
export function offers(release: Release): readonly ReleaseIntentName[] {
  const ask = 'ask' in release ? release.ask : undefined;
  const isStopAsked = 'stopAskedAt' in release && release.stopAskedAt !== undefined;
  return intentsIn(release.phase).filter((intent) => {
    if (intent === 'observe') return false;
    if (intent === 'approve' || intent === 'decline') return ask !== undefined;
    if (intent === 'promote') return ask === undefined && !isStopAsked;
    if (intent === 'acknowledge') return isUnacknowledged(release);
    // Rare enough to be typed: going back further still, and ending what cannot be verified.
    return release.phase !== 'recovering';
  });
}

const isUnacknowledged = ({ incident }: Release) =>
  incident !== undefined && !incident.closedAt && !incident.acknowledgedBy;

function abort(
  service: Service,
  release: In<'proposed'>,
  { by, reason }: IntentTo<'abort'>,
  at: Instant,
): Decision<Service> {
  const forbidden = whyNot(by, 'abort');
  if (forbidden) return no(forbidden);
  const next: Release = { ...recordOf(release), phase: 'aborted', at, by: by.actor, reason };
  return yes({
    next: withRelease(service, next),
    audit: releaseEntry(release, { by, at, action: 'abort', reason }),
    owes: [
      { sync: 'card', release: release.facts.id },
      {
        tell: 'thread',
        release: release.facts.id,
        notice: { what: 'aborted', by: by.actor, reason },
      },
    ],
  });
}

/** By hand what the policy does on `allow`; over a `hold` it can at most ask two people to judge. */
function promote(
  service: Service,
  release: In<'progressing'>,
  { by }: IntentTo<'promote'>,
  at: Instant,
): Decision<Service> {
  const forbidden = whyNot(by, 'promote');
  if (forbidden) return no(forbidden);
  const { ask, step, verdict, facts } = release;
  if (ask) return no({ code: 'already_asked', step: ask.step });
  const waitMs = dwellLeftMs(release, at);
  if (waitMs > 0) return no({ code: 'too_early', waitMs });
  if (verdict?.says === 'allow' && !whyEvidenceForbids(release, askFor(step + 1, by.actor, at), at))
    return askToEnter(service, release, {
      step: step + 1,
      by,
      at,
      judged: false,
      action: 'promote',
    });
  if (isOfBefore(release)) return no({ code: 'not_allowed_yet' });
  if (verdict?.reason !== 'not_enough_evidence')
    return no({ code: 'not_allowed_yet', ...(verdict && { verdict }) });
  if (facts.plan.onThinEvidence === 'hold') return no({ code: 'cannot_be_judged', verdict });
  return askToEnter(service, release, { step: step + 1, by, at, judged: true, action: 'promote' });
}

const askFor = (step: number, by: Actor, at: Instant): Ask => ({ step, by, at, judged: false });

function pause(
  service: Service,
  release: In<'progressing'>,
  { by, reason }: IntentTo<'pause'>,
  at: Instant,
): Decision<Service> {
  const forbidden = whyNot(by, 'pause');
  if (forbidden) return no(forbidden);
  const { step, judged, stopAskedAt } = release;
  // Whatever was asked or granted before is void: the plan goes on only after somebody looks again.
  const next: Release = {
    ...recordOf(release),
    phase: 'paused',
    step,
    judged,
    since: at,
    by: by.actor,
    reason,
    ...(stopAskedAt !== undefined && { stopAskedAt }),
  };
  return yes({
    next: withRelease(service, next),
    audit: releaseEntry(release, { by, at, action: 'pause', reason, step }),
    owes: [
      { sync: 'card', release: release.facts.id },
      {
        tell: 'thread',
        release: release.facts.id,
        notice: { what: 'paused', by: by.actor, reason },
      },
    ],
  });
}

function resume(
  service: Service,
  release: In<'paused'>,
  { by, reason }: IntentTo<'resume'>,
  at: Instant,
): Decision<Service> {
  const forbidden = whyNot(by, 'resume');
  if (forbidden) return no(forbidden);
  const { step, judged, stopAskedAt, facts } = release;
  const id = facts.id;
  // The dwell starts again: what was measured before the pause is stale.
  const next: Release = {
    ...recordOf(release),
    phase: 'progressing',
    step,
    judged,
    since: at,
    ...(stopAskedAt !== undefined && { stopAskedAt }),
  };
  return yes({
    next: withRelease(service, next),
    audit: releaseEntry(release, {
      by,
      at,
      action: 'resume',
      reason,
      step,
      details: { dwell_ms: stepAt(facts.plan, step).dwellMs },
    }),
    owes: [
      { sync: 'card', release: id },
      { tell: 'thread', release: id, notice: { what: 'resumed', by: by.actor, reason } },
    ],
  });
}

function rollback(
  service: Service,
  release: In<'progressing'> | In<'paused'> | In<'recovering'> | In<'completed'>,
  intent: IntentTo<'rollback'>,
  at: Instant,
): Decision<Service> {
  const forbidden = whyNot(intent.by, 'rollback');
  if (forbidden) return no(forbidden);
  // Two people who press at once mean one version back; going further takes naming where to.
  if (release.phase === 'recovering' && intent.version === undefined)
    return no({ code: 'wrong_phase', phase: release.phase, intent: intent.to });
  return rollBack(service, release, intent, at);
}

function acknowledge(
  service: Service,
  release: Release,
  { by }: IntentTo<'acknowledge'>,
  at: Instant,
): Decision<Service> {
  const forbidden = whyNot(by, 'acknowledge');
  if (forbidden) return no(forbidden);
  const { incident, facts } = release;
  if (!incident || incident.closedAt) return no({ code: 'nothing_to_acknowledge' });
  if (incident.acknowledgedBy)
    return no({ code: 'already_decided', by: incident.acknowledgedBy, decision: 'acknowledged' });
  return yes({
    next: withRelease(service, { ...release, incident: { ...incident, acknowledgedBy: by.actor } }),
    audit: releaseEntry(release, { by, at, action: 'acknowledge', reason: 'alert seen' }),
    owes: [
      { sync: 'card', release: facts.id },
      { tell: 'alert', release: facts.id, alert: { what: 'acknowledged', by: by.actor } },
    ],
  });
}
