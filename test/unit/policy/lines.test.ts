import { describe, expect, test } from 'vitest';
import type { Guard } from '#domain/guard.ts';
import { NOTHING_COUNTED } from '#domain/policy/counting.ts';
import { linesOf } from '#domain/policy/line.ts';
import { policyOf } from '#domain/policy/policy.ts';
import { binsOf, tallyOf, viewOf } from '#domain/policy/sampling.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { plan } from '#test/support/evidence.ts';

const only = (guard: Guard) => {
  const [line] = linesOf([guard]);
  if (!line) throw new Error('A guard without a line.');
  return line;
};
const bounds = [100, 250, 500, 1_000];
const latency = (...counts: number[]) => ({
  requests: counts.reduce((sum, count) => sum + count, 0),
  latency_ms: { bounds, counts },
});

describe('guards become lines', () => {
  test('and two that say the same are one', () => {
    const lines = linesOf([
      { name: 'error_rate', limit: 0.05, versusStable: { margin: 0 } },
      { name: 'success_rate', limit: 0.95, versusStable: { margin: 0 } },
    ]);
    expect(lines.map(({ against, weight }) => [against, weight])).toEqual([
      ['limit', 0.5],
      ['stable', 0.5],
    ]);
  });

  test('whose weights sum to 1, larger where people said so', () => {
    const lines = linesOf([
      { name: 'error_rate', limit: 0.05 },
      { name: 'prompt_injection_rate', limit: 0.001, weight: 3 },
    ]);
    expect(lines.map(({ weight }) => weight)).toEqual([0.25, 0.75]);
  });

  test('of which the very rare ones are not asked by the gate', () => {
    expect(only({ name: 'unexpected_tool_rate', limit: 0.001 }).isAskedByGate).toBe(false);
    expect(only({ name: 'goal_completion_rate', limit: 0.8 })).toMatchObject({
      isAskedByGate: true,
      bound: { rho: 0, delta: 0.2 },
    });
  });

  test('and the plan says how long fresh starts have to last', () => {
    const steps = [
      { weightPercent: 0, dwellMs: HOUR_MS, approval: false },
      { weightPercent: 10, dwellMs: 2 * HOUR_MS, approval: false },
      { weightPercent: 100, dwellMs: HOUR_MS, approval: false },
    ];
    const { starts } = policyOf(plan({ steps, pollMs: MINUTE_MS }));
    expect(starts).toMatchObject({ horizonPolls: 4 * 60 + 30, plannedSteps: 2 });
  });
});

describe('a latency limit on a histogram', () => {
  const p95 = only({ name: 'latency_p95_ms', limit: 250 });

  test('counts exactly where a bucket ends at the limit', () => {
    const arm = latency(10, 20, 30, 40, 5);
    expect(tallyOf(p95, arm, 250, 'best')).toEqual({ observations: 105, bad: 75 });
    expect(tallyOf(p95, arm, 250, 'worst')).toEqual({ observations: 105, bad: 75 });
  });

  test('leans to the safe side where the limit cuts a bucket in two', () => {
    const arm = latency(10, 20, 30, 40, 5);
    expect(tallyOf(p95, arm, 300, 'best')).toEqual({ observations: 105, bad: 45 });
    expect(tallyOf(p95, arm, 300, 'worst')).toEqual({ observations: 105, bad: 75 });
  });
});

describe('a latency compared with stable', () => {
  test('is looked at near the median, the 90th and the 99th percentile of its past', () => {
    const line = only({ name: 'latency_p95_ms', versusStable: { margin: 0 } });
    const past = latency(600, 200, 150, 45, 5);
    expect(viewOf(line, past)).toMatchObject({ bounds: [100, 500, 1_000], gateBound: 500 });
    expect(viewOf(line, NOTHING_COUNTED)).toBeUndefined();
  });
});

describe('an average', () => {
  const average = only({ name: 'latency_avg_ms', limit: 5_000 });

  test('is capped at ten times the median of the past, but never below its limit', () => {
    expect(viewOf(average, NOTHING_COUNTED)?.cap).toBe(50_000);
    expect(viewOf(average, latency(0, 0, 90, 10, 0))?.cap).toBe(10_000);
    expect(viewOf(average, latency(0, 0, 0, 90, 10))?.cap).toBe(10_000);
  });

  test('takes each value at the edge of its bucket that keeps the bet fair', () => {
    const arm = latency(1, 1, 1, 1, 1);
    expect(binsOf(average, arm, 2_000, 'best')?.values).toEqual([0, 0.05, 0.125, 0.25, 0.5]);
    expect(binsOf(average, arm, 2_000, 'worst')?.values).toEqual([0.05, 0.125, 0.25, 0.5, 1]);
  });
});
