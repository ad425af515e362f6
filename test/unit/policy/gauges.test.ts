import { describe, expect, test } from 'vitest';
import { openEvidence } from '#domain/policy/evidence-state.ts';
import { brokenGauge, readGauges, unreadableGauges } from '#domain/policy/gauges.ts';
import { judgePoll } from '#domain/policy/judge.ts';
import { policyOf } from '#domain/policy/policy.ts';
import { later, MINUTE_MS } from '#domain/time.ts';
import { counts, NOON, plan } from '#test/support/evidence.ts';

const lag = { name: 'custom_lag', query: 'lag', max: 100, forMs: 2 * MINUTE_MS } as const;
const depth = { name: 'custom_depth', query: 'depth', max: 5, forMs: 0 } as const;
const policy = policyOf(plan({ customGuards: [lag, depth] }));
const healthy = { candidate: counts([10, 0]), stable: counts([990, 10]) };
type Gauges = Parameters<typeof readGauges>[2]['gauges'];

/** The gauges after each of these was read, a minute apart. */
const afterReading = (...read: Gauges[]) =>
  read.reduce(
    (state, gauges, minute) => {
      const at = later(NOON, minute * MINUTE_MS);
      const reading = { says: 'counted', at, ...healthy, ...(gauges && { gauges }) } as const;
      return { ...readGauges(policy, state, reading), readAt: at };
    },
    openEvidence(policy, []),
  );

describe('an own gauge', () => {
  test('at its limit is not above it', () => {
    const { gauges } = afterReading({ custom_lag: 101, custom_depth: 0 }, { custom_lag: 100 });
    expect(gauges).toEqual({
      custom_lag: { value: 100, unknown: null, brokenSince: null },
      custom_depth: { value: null, unknown: 'empty', brokenSince: null },
    });
  });

  test('keeps since when it is broken, also through readings that say nothing', () => {
    const broken = { custom_lag: 150, custom_depth: 0 };
    const unreadable = { ...broken, custom_lag: 'timeout' } as const;
    const senseless = { ...broken, custom_lag: Number.NaN };
    expect(afterReading(broken, unreadable).gauges.custom_lag).toEqual({
      value: null,
      unknown: 'timeout',
      brokenSince: NOON,
    });
    expect(afterReading(broken, senseless).gauges.custom_lag).toEqual({
      value: null,
      unknown: 'not_a_number',
      brokenSince: NOON,
    });
    const { gauges, ...rest } = afterReading(broken, unreadable, broken);
    expect(brokenGauge(policy, { ...rest, gauges })).toEqual({
      guard: lag,
      value: 150,
      brokenMs: 2 * MINUTE_MS,
    });
  });

  test('proves nothing while it, or all metrics, cannot be read', () => {
    const broken = { custom_lag: 150, custom_depth: 0 };
    const proven = afterReading(broken, broken, broken);
    expect(brokenGauge(policy, proven)?.guard).toBe(lag);
    expect(brokenGauge(policy, afterReading(broken, broken, {}))).toBeUndefined();
    const unknown = { reason: 'timeout', detail: '' } as const;
    expect(brokenGauge(policy, { ...proven, unknown })).toBeUndefined();
    expect(brokenGauge(policy, afterReading(broken, broken))).toBeUndefined();
  });

  test('stops at once where it may not be broken at all', () => {
    expect(brokenGauge(policy, afterReading({ custom_lag: 0, custom_depth: 6 }))).toEqual({
      guard: depth,
      value: 6,
      brokenMs: 0,
    });
  });

  test('that cannot be read is named, each of them, and one that can is not', () => {
    expect(unreadableGauges(policy, afterReading({ custom_lag: 1, custom_depth: 1 }))).toEqual([]);
    expect(unreadableGauges(policy, afterReading({ custom_lag: 'timeout' }))).toEqual([
      'custom_lag: timeout',
      'custom_depth: empty',
    ]);
  });

  test('is not missed by those who bring counts without any', () => {
    const poll = { from: NOON, to: later(NOON, MINUTE_MS), ...healthy };
    const { verdict } = judgePoll(policy, openEvidence(policy, []), {
      ...{ step: 0, weightPercent: 1, nextWeightPercent: 5, mode: 'step', dwellOver: true },
      ...{ at: poll.to, candidate: '2.4.0', stable: '2.3.3', poll },
    });
    expect(verdict).toMatchObject({ says: 'hold', reason: 'not_enough_evidence' });
  });
});
