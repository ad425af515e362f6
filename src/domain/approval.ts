import { isSamePerson } from '#domain/identity.ts';
import { whyNot } from '#domain/permission.ts';
import type { Refusal } from '#domain/refusal.ts';
import {
  type Ask,
  type In,
  isServing,
  type Release,
  recordOf,
  withoutAsk,
} from '#domain/release.ts';
import { releaseEntry } from '#domain/release-entry.ts';
import { no, yes } from '#domain/result.ts';
import { type Decision, type IntentTo, type Service, withRelease } from '#domain/service.ts';
import { enterStep } from '#domain/step.ts';
import { type Instant, MINUTE_MS } from '#domain/time.ts';

/** A second person's yes: to this proposal, on evidence that still stands, and never one's own. */
export function approve(
  service: Service,
  release: In<'proposed'> | In<'progressing'>,
  intent: IntentTo<'approve'>,
  at: Instant,
): Decision<Service> {
  const { by, step } = intent;
  const { ask, facts, excluded, approvals } = release;
  const forbidden = whyNot(by, 'approve');
  if (forbidden) return no(forbidden);
  const taken = approvals.find((approval) => approval.step === step);
  if (taken && ask?.step !== step)
    return no({ code: 'already_decided', by: taken.by, decision: 'approved' });
  if (!ask) return no({ code: 'nothing_asked' });
  if (ask.step !== step || intent.digest !== facts.digest) return no({ code: 'plan_changed' });
  const { authors = [] } = service;
  const self = [...excluded, ...authors].find((actor) => isSamePerson(by, actor));
  if (self) return no({ code: 'needs_second_person', excluded: self });
  const stale = whyEvidenceForbids(release, ask, at);
  if (stale) return no(stale);

  const upToStep = Math.max(step, Math.min(intent.upToStep ?? step, facts.plan.steps.length - 1));
  const approval = { step, upToStep, by: by.actor, at, digest: facts.digest, judged: ask.judged };
  return enterStep(
    service,
    { ...release, approvals: [...approvals, approval] },
    {
      step,
      by,
      at,
      judged: ask.judged,
      action: 'approve',
      reason: ask.judged ? 'judged by two people on thin evidence' : 'approved',
      ...(upToStep > step && { grantedUpTo: upToStep }),
      details: {
        digest: facts.digest,
        up_to_step: upToStep + 1,
        requested_by: facts.requestedBy.id,
        asked_by: ask.by.id,
        ...(authors.length > 0 && { authors: authors.map(({ id }) => id) }),
        judged: ask.judged,
      },
    },
  );
}

/** Entering a step checks the verdict again: evidence may have turned since it was asked for. */
export function whyEvidenceForbids(release: Release, ask: Ask, at: Instant): Refusal | undefined {
  if (ask.step === 0) return undefined;
  const { verdict, verdictAt, facts } = release;
  const freshMs = 3 * facts.plan.pollMs + MINUTE_MS / 2;
  // One from the future was given before the clock was set back, and perhaps before a pause.
  const isFresh = verdictAt !== undefined && verdictAt <= at && at - verdictAt <= freshMs;
  if (!verdict || !isFresh || isOfBefore(release)) return { code: 'not_allowed_yet' };
  if (verdict.says === 'allow') return undefined;
  if (ask.judged && verdict.reason === 'not_enough_evidence') return undefined;
  return { code: 'not_allowed_yet', verdict };
}

/** What was said of another step, or before a pause, says nothing about this one. */
export const isOfBefore = (release: Release) =>
  isServing(release) && release.verdictAt !== undefined && release.verdictAt <= release.since;

export function decline(
  service: Service,
  release: In<'proposed'> | In<'progressing'>,
  { by, reason }: IntentTo<'decline'>,
  at: Instant,
): Decision<Service> {
  const forbidden = whyNot(by, 'decline');
  if (forbidden) return no(forbidden);
  if (!release.ask) return no({ code: 'nothing_asked' });
  const { ask } = release;
  const next: Release =
    release.phase === 'proposed'
      ? { ...recordOf(release), phase: 'declined', at, by: by.actor, reason }
      : { ...withoutAsk(release), declinedBy: by.actor };
  return yes({
    next: withRelease(service, next),
    audit: releaseEntry(release, { by, at, action: 'decline', reason, step: ask.step }),
    owes: [
      { sync: 'card', release: release.facts.id },
      {
        tell: 'thread',
        release: release.facts.id,
        notice: { what: 'declined', by: by.actor, reason },
      },
    ],
  });
}
