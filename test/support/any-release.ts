/** Releases as they might be, with whatever people might have typed about them. */
import fc from 'fast-check';
import type { Actor } from '#domain/actor.ts';
import { GUARD_LIMITS, type Guard, type GuardName } from '#domain/guard.ts';
import type { Plan } from '#domain/plan.ts';
import type { PhaseState, Release } from '#domain/release.ts';
import { DAY_MS, later } from '#domain/time.ts';
import type { LineFigures, Verdict } from '#domain/verdict.ts';
import { aPlan, noon } from '#test/support/builders.ts';
import { longTyped } from '#test/support/harmless.ts';

const version = fc.oneof(fc.constantFrom('2.4.0', `2.${'9'.repeat(61)}`));
const service = fc.constantFrom('support-agent', `${'s'.repeat(63)}/${'e'.repeat(32)}`);
export const actor: fc.Arbitrary<Actor> = fc.oneof(
  fc.constant<Actor>({ kind: 'user', id: 'U0ANA' }),
  fc.constant<Actor>({ kind: 'policy', id: 'policy' }),
  fc.constant<Actor>({ kind: 'token', id: '<ci>&' }),
);

const guardNames = Object.keys(GUARD_LIMITS) as GuardName[];
/** Twenty guards at most: more than there are names, since own ones count too. */
const plan: fc.Arbitrary<Plan> = fc
  .record({
    steps: fc.integer({ min: 1, max: 20 }),
    guards: fc.integer({ min: 0, max: 11 }),
    custom: fc.integer({ min: 0, max: 9 }),
    testers: fc.array(longTyped, { maxLength: 50 }),
  })
  .map(({ steps, guards, custom, testers }) =>
    aPlan({
      testers,
      steps: Array.from({ length: steps }, (_, index) => ({
        weightPercent: Math.min(100, index * 5),
        dwellMs: DAY_MS,
        approval: true,
      })),
      guards: guardNames
        .slice(0, guards)
        .map((name): Guard => ({ name, limit: 0.05, versusStable: { margin: 0.1 } })),
      customGuards: Array.from({ length: custom }, (_, index) => ({
        name: `custom_${'q'.repeat(50)}${index}` as const,
        query: 'up',
        max: 1e6,
        forMs: DAY_MS,
      })),
    }),
  );

const tally = fc.record({ observations: fc.nat(1e9), bad: fc.nat(1e6) });
const line: fc.Arbitrary<LineFigures> = fc.record(
  {
    guard: fc.constantFrom<string>(...guardNames),
    against: fc.constantFrom('limit', 'stable'),
    candidate: tally,
    stable: tally,
    inStep: fc.record({ candidate: tally, stable: tally }),
    rise: fc.record({ candidate: tally, stable: tally, overMs: fc.nat() }),
    limit: fc.double({ min: 0, max: 1e6, noNaN: true }),
    slowerThan: fc.nat(1e6),
    cap: fc.nat(1e6),
    logEvidence: fc.double({ min: -50, max: 50, noNaN: true }),
  },
  { requiredKeys: ['guard', 'against', 'candidate', 'stable', 'inStep', 'logEvidence'] },
) as fc.Arbitrary<LineFigures>;
export const verdict: fc.Arbitrary<Verdict> = fc
  .record({
    lines: fc.array(line, { maxLength: 20 }),
    words: fc.oneof(longTyped, fc.constant(`Stop: sla_breach. ${'<&>'.repeat(2_000)}`)),
    kind: fc.constantFrom(
      { says: 'stop', reason: 'sla_breach' } as const,
      { says: 'hold', reason: 'no_data' } as const,
      { says: 'allow', reason: 'within_limits' } as const,
    ),
  })
  .map(({ lines, words, kind }) => ({
    ...kind,
    words,
    figures: {
      lines,
      logEvidence: 1,
      windows: 3,
      windowsInStep: 3,
      overMs: DAY_MS,
      ...(lines.length > 0 && { leading: 0 }),
    },
  }));

type Parts = {
  by: Actor;
  reason: string;
  from: string;
  to: string;
  judged: boolean;
  steps: number;
};
const phases: readonly ((parts: Parts) => PhaseState)[] = [
  ({ by, judged }) => ({ phase: 'proposed', ask: { step: 0, by, at: noon, judged } }),
  ({ judged }) => ({ phase: 'progressing', step: 0, since: noon, judged }),
  ({ by, judged, steps }) => ({
    phase: 'progressing',
    step: steps - 1,
    since: noon,
    judged,
    ask: { step: Math.max(0, steps - 1), by, at: noon, judged },
    grantedUpTo: steps - 1,
  }),
  ({ by, judged }) => ({
    phase: 'progressing',
    step: 0,
    since: noon,
    judged,
    declinedBy: by,
    stopAskedAt: noon,
  }),
  ({ by, reason, judged }) => ({ phase: 'paused', step: 0, since: noon, judged, by, reason }),
  ({ by, reason, from, to }) => ({ phase: 'rolling_back', since: noon, by, reason, from, to }),
  ({ by, reason, from, to }) => ({ phase: 'recovering', since: noon, by, reason, from, to }),
  ({ by, reason, from, to }) => ({ phase: 'rolled_back', at: noon, by, reason, from, to }),
  ({ judged }) => ({
    phase: 'completed',
    at: noon,
    watchUntil: later(noon, DAY_MS),
    watchOver: false,
    judged,
  }),
  ({ by, reason }) => ({ phase: 'aborted', at: noon, by, reason }),
  ({ by, reason }) => ({ phase: 'declined', at: noon, by, reason }),
];

export const release: fc.Arbitrary<Release> = fc
  .record({
    plan,
    service,
    stable: version,
    candidate: version,
    note: longTyped,
    by: actor,
    reason: longTyped,
    judged: fc.boolean(),
    approvals: fc.nat(20),
    verdict: fc.option(verdict, { nil: undefined }),
    phase: fc.constantFrom(...phases),
  })
  .map(
    ({
      plan,
      service,
      stable,
      candidate,
      note,
      by,
      reason,
      judged,
      approvals,
      verdict,
      phase,
    }) => ({
      facts: {
        id: 123_456,
        service,
        stable,
        candidate,
        plan,
        digest: 'a'.repeat(64),
        requestedBy: by,
        requestedAt: noon,
        note,
        earlierAttempts: 2,
      },
      approvals: Array.from({ length: approvals }, (_, step) => ({
        step,
        upToStep: Math.min(step, plan.steps.length - 1),
        by,
        at: noon,
        digest: '',
        judged,
      })),
      excluded: [by],
      evidence: null,
      incident: { openedAt: noon },
      ...(verdict && { verdict }),
      ...phase({ by, reason, from: candidate, to: stable, judged, steps: plan.steps.length }),
    }),
  );
