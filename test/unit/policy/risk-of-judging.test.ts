import { describe, expect, test } from 'vitest';
import { policyOf } from '#domain/policy/policy.ts';
import { riskOfJudging } from '#domain/policy/risk-of-judging.ts';
import { given, plan } from '#test/support/evidence.ts';

const asked = plan({ guards: [{ name: 'error_rate', versusStable: { margin: 0 } }] });
const excess = (story: ReturnType<typeof given>) =>
  riskOfJudging(policyOf(asked), story.state()).largestExcess;

test('before anything was counted, nothing is ruled out', () => {
  expect(excess(given(asked).at(10, { step: 2 }))).toBe(1);
});

test('the more was counted, the smaller is the excess that is not ruled out', () => {
  const story = given(asked).at(10, { step: 2 });
  const seen = { candidate: [100, 1], stable: [900, 9] } as const;
  const after = [1, 3, 10].map((times) => excess(story.seesOften(times, seen)));
  expect(after[0]).toBeLessThan(0.15);
  expect(after[1]).toBeLessThan(after[0] ?? 0);
  expect(after[2]).toBeLessThan(after[1] ?? 0);
  expect(after[2]).toBeGreaterThan(0.003);
});

describe('beyond a limit', () => {
  const excessOver = (limit: number, ...seen: Parameters<ReturnType<typeof given>['sees']>) => {
    const limited = plan({ guards: [{ name: 'error_rate', limit }] });
    const story = given(limited)
      .at(50)
      .sees(...seen);
    return riskOfJudging(policyOf(limited), story.state()).largestExcess;
  };

  test('it is told how far the candidate may be, and stable is not needed for it', () => {
    const seen = { candidate: [30, 1], stable: [0, 0] } as const;
    expect(excessOver(0.05, seen)).toBeCloseTo(0.142, 3);
    expect(excessOver(0.1, seen)).toBeCloseTo(excessOver(0.05, seen) - 0.05, 9);
    const versus = given(asked).at(50).sees(seen);
    expect(excess(versus)).toBe(1);
  });

  test('nothing is left open once enough was counted, and everything before', () => {
    expect(excessOver(0.05, { candidate: [1_000, 10], stable: [1_000, 10] })).toBe(0);
    expect(excessOver(0.05, { candidate: [0, 0], stable: [30, 0] })).toBe(0.95);
  });
});

test('what may be worse than stable is told whole, whatever margin was granted', () => {
  const granted = plan({ guards: [{ name: 'error_rate', versusStable: { margin: 0.01 } }] });
  const seen = { candidate: [500, 5], stable: [500, 5] } as const;
  const story = given(granted).at(50).sees(seen);
  const whole = excess(given(asked).at(50).sees(seen));
  expect(riskOfJudging(policyOf(granted), story.state()).largestExcess).toBe(whole);
});

test('of averages no number says what they leave open', () => {
  const average = plan({ guards: [{ name: 'latency_avg_ms', limit: 300 }] });
  const story = given(average)
    .at(50)
    .sees({ candidate: [30, 1], stable: [30, 0] });
  const { lines, largestExcess } = riskOfJudging(policyOf(average), story.state());
  expect(lines).toMatchObject([{ guard: 'latency_avg_ms', against: 'limit' }]);
  expect(lines[0]).not.toHaveProperty('largestExcess');
  expect(largestExcess).toBe(0);
});

test('after an upgrade that words guards differently, a new line rules nothing out yet', () => {
  const story = given(asked)
    .at(10, { step: 2 })
    .seesOften(10, { candidate: [100, 1], stable: [900, 9] });
  const reworded = plan({ guards: [{ name: 'tool_failure_rate', versusStable: { margin: 0 } }] });
  expect(riskOfJudging(policyOf(reworded), story.state())).toMatchObject({
    lines: [{ guard: 'tool_failure_rate', candidate: { observations: 0 } }],
    largestExcess: 1,
  });
});

test('the counts of the step stand beside it', () => {
  const story = given(asked).at(10, { step: 2 });
  story.seesOften(2, { candidate: [100, 3], stable: [900, 9] });
  expect(riskOfJudging(policyOf(asked), story.state()).lines).toMatchObject([
    {
      guard: 'error_rate',
      against: 'stable',
      candidate: { observations: 200, bad: 6 },
      stable: { observations: 1_800, bad: 18 },
    },
  ]);
});
