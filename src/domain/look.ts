import type { Alert, Effect } from '#domain/effect.ts';
import { openEvidence } from '#domain/policy/evidence-state.ts';
import { judge } from '#domain/policy/judge.ts';
import { policyOf } from '#domain/policy/policy.ts';
import { type In, type Release, stepAt, weightAt } from '#domain/release.ts';
import type { IntentTo, JudgedWindow } from '#domain/service.ts';
import { dwellLeftMs } from '#domain/step.ts';
import type { Instant } from '#domain/time.ts';
import type { Verdict } from '#domain/verdict.ts';

export type Observe = IntentTo<'observe'>;

export type Looked<R> = {
  readonly release: R;
  readonly verdict: Verdict;
  readonly judged?: JudgedWindow;
};

/** Folds a reading into the evidence and asks the policy. */
export function look<R extends In<'progressing'> | In<'paused'> | In<'completed'>>(
  release: R,
  { reading, history, lookMs }: Observe,
  at: Instant,
): Looked<R> {
  const { plan, id, candidate, stable } = release.facts;
  const policy = policyOf(plan, lookMs);
  const before = release.evidence ?? openEvidence(policy, history ?? [], release.earlier);
  // The past of stable is read with the first reading that counts, so evidence is opened with it.
  const isBlind = release.evidence === null && reading.says === 'unknown';
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
    release: { ...release, evidence: isBlind ? null : state, verdict, verdictAt: at },
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

export const alerting = (release: Release, alert: Alert): Effect => ({
  tell: 'alert',
  release: release.facts.id,
  alert,
});
