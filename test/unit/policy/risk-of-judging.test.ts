import { expect, test } from 'vitest';
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
