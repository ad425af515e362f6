import { describe, expect, test } from 'vitest';
import type { Guard } from '#domain/guard.ts';
import { NOTHING_COUNTED } from '#domain/policy/counting.ts';
import { linesOf } from '#domain/policy/line.ts';
import { policyOf } from '#domain/policy/policy.ts';
import { binsOf, tallyOf, viewOf, whyUncounted } from '#domain/policy/sampling.ts';
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

  test.each<[Guard, string[]]>([
    [
      { name: 'error_rate', limit: 0.05, versusStable: { margin: 0.01 } },
      ['errors/requests:limit:0.05', 'errors/requests:stable:0.01'],
    ],
    [{ name: 'success_rate', limit: 0.95 }, ['errors/requests:limit:0.05']],
    [
      { name: 'latency_p95_ms', limit: 1_000, versusStable: { margin: 0 } },
      ['latency_ms:p95:1000:limit:1000', 'latency_ms:p95:1000:stable:0'],
    ],
    [{ name: 'latency_p99_ms', versusStable: { margin: 0 } }, ['latency_ms:p99::stable:0']],
    [
      { name: 'latency_avg_ms', limit: 5_000, versusStable: { margin: 0 } },
      ['latency_ms:mean:limit:5000', 'latency_ms:mean:stable:0'],
    ],
    [{ name: 'cost_per_request_usd', limit: 0.02 }, ['cost_usd:mean:limit:0.02']],
  ])('that are found again after an upgrade, by keys which stay: %#', (guard, keys) => {
    expect(linesOf([guard]).map(({ key }) => key)).toEqual(keys);
  });

  test.each<[Guard, number]>([
    [{ name: 'latency_p95_ms', limit: 1_000 }, 0.05],
    [{ name: 'latency_p99_ms', limit: 1_000 }, 0.01],
    [{ name: 'tool_failure_rate', limit: 0.03 }, 0.03],
    [{ name: 'goal_completion_rate', limit: 0.9 }, 0.1],
    [{ name: 'negative_feedback_rate', limit: 0.2 }, 0.2],
  ])('that allow the share which is meant: %#', (guard, delta) => {
    expect(only(guard).bound).toEqual({ rho: 0, delta });
  });

  test('and one that is said twice is as strict as the stricter of the two', () => {
    const usual = { name: 'error_rate', limit: 0.05, weight: 3 } as const;
    const again = { name: 'success_rate', limit: 0.95, weight: 1, critical: true } as const;
    const other = { name: 'tool_failure_rate', limit: 0.1 } as const;
    for (const guards of [
      [usual, again, other],
      [again, usual, other],
    ]) {
      const [line] = linesOf(guards, ['error_rate']);
      expect(line).toMatchObject({ weight: 0.75, isCritical: true, isOptional: false });
    }
    expect(linesOf([usual], ['error_rate'])).toMatchObject([{ isOptional: true, weight: 1 }]);
    expect(linesOf([])).toEqual([]);
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
    expect(viewOf(line, latency(0, 0, 0, 0, 0))).toBeUndefined();
  });

  test('is looked at near the highest bound where most of its past lies above it', () => {
    const line = only({ name: 'latency_p95_ms', versusStable: { margin: 0 } });
    expect(viewOf(line, latency(0, 0, 0, 0, 9))).toMatchObject({
      bounds: [1_000],
      gateBound: 1_000,
    });
  });

  test('is asked by the gate at its limit where it has one too, but only once there is a past', () => {
    const [, line] = linesOf([{ name: 'latency_p95_ms', limit: 300, versusStable: { margin: 0 } }]);
    if (!line) throw new Error('A guard with one line.');
    const past = latency(600, 200, 150, 45, 5);
    expect(viewOf(line, past)).toMatchObject({ bounds: [100, 500, 1_000], gateBound: 300 });
    expect(viewOf(line, NOTHING_COUNTED)).toBeUndefined();
  });
});

describe('a source that does not count what a line needs', () => {
  const arm = (about: object = {}) => ({ requests: 1, ...about });
  const histogram = { bounds, counts: [1, 2, 3, 4, 5] };
  test.each<[Guard, object, string | undefined]>([
    [{ name: 'tool_failure_rate', limit: 0.1 }, {}, 'nothing counts tool_calls and tool_failures'],
    [{ name: 'tool_failure_rate', limit: 0.1 }, { tool_calls: 1 }, 'nothing counts tool_failures'],
    [{ name: 'error_rate', limit: 0.1 }, { errors: 0 }, undefined],
    [{ name: 'latency_avg_ms', limit: 100 }, {}, 'nothing counts latency_ms'],
    [{ name: 'latency_avg_ms', limit: 9_000 }, { latency_ms: histogram }, undefined],
    [{ name: 'latency_p95_ms', limit: 1_000 }, { latency_ms: histogram }, undefined],
    [
      { name: 'latency_p95_ms', limit: 1_001 },
      { latency_ms: histogram },
      'latency_ms has no bucket at or above 1001',
    ],
    [{ name: 'latency_p95_ms', versusStable: { margin: 0 } }, { latency_ms: histogram }, undefined],
    [
      { name: 'latency_p95_ms', limit: 100 },
      { latency_ms: { bounds: [], counts: [9] } },
      'latency_ms has no bucket at or above 100',
    ],
  ])('is told why: %#', (guard, counted, why) => {
    expect(whyUncounted(only(guard), arm(counted))).toBe(why);
  });

  test('has no bucket above a limit that only fits a line against stable', () => {
    const [, versus] = linesOf([
      { name: 'latency_p95_ms', limit: 9_000, versusStable: { margin: 0 } },
    ]);
    expect(versus && whyUncounted(versus, arm({ latency_ms: histogram }))).toBeUndefined();
  });

  test('shows nothing, rather than noughts', () => {
    const tools = only({ name: 'tool_failure_rate', limit: 0.1 });
    for (const counted of [{}, { tool_calls: 5 }, { tool_failures: 5 }])
      expect(tallyOf(tools, arm(counted), 0, 'best')).toBeUndefined();
    const average = only({ name: 'latency_avg_ms', limit: 100 });
    expect(tallyOf(average, arm({ latency_ms: histogram }), 0, 'best')).toBeUndefined();
    expect(binsOf(tools, arm({ latency_ms: histogram }), 1, 'best')).toBeUndefined();
    expect(binsOf(average, arm(), 1, 'best')).toBeUndefined();
  });
});

describe('an average', () => {
  const average = only({ name: 'latency_avg_ms', limit: 5_000 });

  test('is capped at ten times the median of the past, but never below its limit', () => {
    expect(viewOf(average, NOTHING_COUNTED)?.cap).toBe(50_000);
    expect(viewOf(average, latency(0, 0, 90, 10, 0))?.cap).toBe(10_000);
    expect(viewOf(average, latency(0, 0, 0, 90, 10))?.cap).toBe(10_000);
  });

  test('against stable has no cap until stable has shown what is usual', () => {
    const [, line] = linesOf([{ name: 'latency_avg_ms', limit: 300, versusStable: { margin: 0 } }]);
    if (!line) throw new Error('A guard with one line.');
    expect(viewOf(line, NOTHING_COUNTED)).toBeUndefined();
    expect(viewOf(line, latency(0, 0, 90, 10, 0))?.cap).toBe(5_000);
  });

  test('leaves out buckets that nobody is in', () => {
    const arm = latency(0, 1, 0, 0, 2);
    expect(binsOf(average, arm, 2_000, 'middle')).toEqual({
      values: [0.0875, 0.75],
      counts: [1, 2],
    });
  });

  test('takes each value at the edge of its bucket that keeps the bet fair', () => {
    const arm = latency(1, 1, 1, 1, 1);
    expect(binsOf(average, arm, 2_000, 'best')?.values).toEqual([0, 0.05, 0.125, 0.25, 0.5]);
    expect(binsOf(average, arm, 2_000, 'worst')?.values).toEqual([0.05, 0.125, 0.25, 0.5, 1]);
  });
});
