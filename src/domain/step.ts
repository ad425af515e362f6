import type { Actor, Asker } from '#domain/actor.ts';
import type { AuditDetails } from '#domain/audit.ts';
import type { Effect } from '#domain/effect.ts';
import { enterStep as cutEvidence } from '#domain/policy/evidence-state.ts';
import {
  type In,
  needsApproval,
  type Release,
  recordOf,
  stepAt,
  weightAt,
  withoutWatch,
} from '#domain/release.ts';
import { releaseEntry, verdictDetails } from '#domain/release-entry.ts';
import { yes } from '#domain/result.ts';
import { type Decision, type Service, withRelease } from '#domain/service.ts';
import { elapsedMs, type Instant, later } from '#domain/time.ts';

type Entering = {
  readonly step: number;
  readonly by: Asker;
  readonly at: Instant;
  readonly judged: boolean;
  readonly action: string;
  readonly reason: string;
  readonly grantedUpTo?: number;
  readonly details?: AuditDetails;
};

/** How much of the dwell of the present step is left, in ms; 0 once it is over. */
export function dwellLeftMs(release: In<'progressing'> | In<'paused'>, at: Instant): number {
  const { dwellMs } = stepAt(release.facts.plan, release.step);
  return Math.max(0, dwellMs - elapsedMs(release.since, at));
}

/** Gives the candidate the weight of a step, or, beyond the last step, makes it stable. */
export function enterStep(
  service: Service,
  release: Release,
  entering: Entering,
): Decision<Service> {
  const { facts } = release;
  if (entering.step === facts.plan.steps.length) return complete(service, release, entering);

  const { step, by, at, judged, grantedUpTo } = entering;
  const next: Release = {
    ...recordOf(release),
    phase: 'progressing',
    step,
    since: at,
    judged,
    // A window may not span two weights, so the evidence is cut where the weight changes.
    evidence: release.evidence && cutEvidence(release.evidence, step),
    ...(grantedUpTo !== undefined && { grantedUpTo }),
  };
  const notice = { what: 'step_entered', step, by: by.actor, judged } as const;
  return yes({
    next: withRelease(service, next),
    audit: entryOf(release, entering, 'owed'),
    owes: [
      { sync: 'traffic', service: service.name },
      { sync: 'card', release: facts.id },
      { tell: 'thread', release: facts.id, notice },
    ],
  });
}

/** The candidate becomes stable and is watched; the old stable stays one click away. */
function complete(service: Service, release: Release, entering: Entering): Decision<Service> {
  const { facts } = release;
  const { by, at, judged } = entering;
  const { live: _, crowned: before, ...rest } = service;
  const replaced = before?.phase === 'completed' && !before.watchOver ? before : undefined;
  // A former version that is released anew is no place to go back to from itself.
  const isInUse = (version: string) => version === facts.stable || version === facts.candidate;
  const next: Release = {
    ...recordOf(release),
    phase: 'completed',
    at,
    watchUntil: later(at, facts.plan.watchMs),
    watchOver: facts.plan.watchMs === 0,
    judged,
  };
  return yes({
    next: {
      ...rest,
      stable: facts.candidate,
      former: [facts.stable, ...service.former.filter((version) => !isInUse(version))],
      crowned: next,
      ...(replaced && { ended: withoutWatch(replaced, at) }),
    },
    audit: entryOf(release, entering, 'owed'),
    owes: [
      ...(replaced ? [{ sync: 'card', release: replaced.facts.id } as const] : []),
      { sync: 'traffic', service: service.name },
      { sync: 'card', release: facts.id },
      { tell: 'thread', release: facts.id, notice: { what: 'completed', by: by.actor, judged } },
    ],
  });
}

function entryOf(release: Release, entering: Entering, switchStatus: 'owed') {
  const { by, at, action, reason, step, details } = entering;
  const numbers = release.verdict && { verdict: verdictDetails(release.verdict) };
  return releaseEntry(release, {
    by,
    at,
    action,
    reason,
    step,
    switchStatus,
    details: { ...details, ...numbers },
  });
}

type Asking = {
  readonly step: number;
  readonly by: Asker;
  readonly at: Instant;
  readonly judged: boolean;
  readonly action: 'promote' | 'advance';
};

/** Enters the next step when nobody needs to say yes to it, and asks for a second person otherwise. */
export function askToEnter(
  service: Service,
  release: In<'progressing'>,
  asking: Asking,
): Decision<Service> {
  const { facts } = release;
  const { step, by, at, judged, action } = asking;
  const excluded = action === 'promote' ? [...release.excluded, by.actor] : release.excluded;
  const asked = { ...release, excluded };
  const reason = judged
    ? 'evidence is thin; two people judge'
    : 'the evidence is within its limits';
  if (!judged && !mustAsk(release, step))
    return enterStep(service, asked, { step, by, at, judged, action, reason, ...grantOf(release) });

  const { declinedBy: _, ...open } = asked;
  const next: Release = { ...open, ask: { step, by: by.actor, at, judged } };
  return yes({
    next: withRelease(service, next),
    audit: releaseEntry(release, {
      by,
      at,
      step,
      reason,
      action: action === 'promote' ? 'promote' : 'ask',
      ...(release.verdict && { details: { judged, verdict: verdictDetails(release.verdict) } }),
    }),
    owes: asksInThread(facts.id, step, by.actor, judged),
  });
}

function mustAsk(release: In<'progressing'>, step: number): boolean {
  const { plan } = release.facts;
  // Completion needs no approval of its own: the last step had one.
  if (step === plan.steps.length) return false;
  if (weightAt(plan, step) === 100 && !plan.unattendedFull) return true;
  if (release.grantedUpTo !== undefined && step <= release.grantedUpTo) return false;
  return needsApproval(plan, step);
}

const grantOf = ({ grantedUpTo }: In<'progressing'>) =>
  grantedUpTo === undefined ? {} : { grantedUpTo };

function asksInThread(id: number, step: number, by: Actor, judged: boolean): Effect[] {
  return [
    { sync: 'card', release: id },
    { tell: 'thread', release: id, notice: { what: 'approval_asked', step, by, judged } },
  ];
}
