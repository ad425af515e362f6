import { expect, test } from 'vitest';
import { isGap, wasAsleep } from '#domain/policy/missed-looks.ts';
import { hasStableArm, nextShare, type Place } from '#domain/policy/place.ts';
import { policyOf, policyWithoutPlan } from '#domain/policy/policy.ts';
import { isFull } from '#domain/policy/window.ts';
import { later, MINUTE_MS } from '#domain/time.ts';
import { NOON, plan } from '#test/support/evidence.ts';

const at = (weightPercent: number, about: Partial<Place> = {}): Place => ({
  step: 1,
  weightPercent,
  mode: 'step',
  ...about,
});

test.each([
  [at(0), false],
  [at(1), true],
  [at(99), true],
  [at(100), false],
  [at(50, { mode: 'watch' }), false],
])('stable is there to compare with only where both arms get traffic: %#', (place, isThere) => {
  expect(hasStableArm(place)).toBe(isThere);
});

test.each([
  ['the next rung', at(10, { nextWeightPercent: 25 }), 0.25],
  ['everything, after a ladder that ends low', at(89), 1],
  ['nothing, after a ladder that ends high', at(90), undefined],
  ['nothing, while only testers have it', at(0, { nextWeightPercent: 1 }), undefined],
  ['nothing, while it is watched', at(50, { mode: 'watch', nextWeightPercent: 100 }), undefined],
])('a gate asks about %s', (_, place, share) => {
  expect(nextShare(place)).toBe(share);
});

test.each([
  ['one request beside twenty of stable', 10, 1, 20, true],
  ['one beside nineteen', 10, 1, 19, false],
  ['none of the candidate', 10, 0, 500, false],
  ['twenty beside one of stable, which is heard rarely', 90, 20, 1, true],
  ['nineteen beside one', 90, 19, 1, false],
  ['twenty without stable, of which three were to be expected', 50, 20, 0, true],
  ['three of stable to be expected of 27', 90, 27, 0, true],
  ['twenty without stable, of which only two were', 90, 20, 0, false],
  ['one at full weight', 100, 1, 0, true],
])('is a window full? %s', (_, weightPercent, candidate, stable, is) => {
  const window = { from: NOON, weightPercent };
  expect(
    isFull({ ...window, candidate: { requests: candidate }, stable: { requests: stable } }),
  ).toBe(is);
});

test('one look may come late, and after two that did not come nobody was looking', () => {
  const policy = policyOf(plan({ pollMs: MINUTE_MS }), 5 * MINUTE_MS);
  const after = (minutes: number) => later(NOON, minutes * MINUTE_MS);
  expect([10, 10.1].map((minutes) => isGap(policy, NOON, after(minutes)))).toEqual([false, true]);
  const slept = (before: number | null, now: number | null) =>
    wasAsleep(
      policy,
      { readAt: before === null ? null : after(before) },
      { readAt: now === null ? null : after(now) },
    );
  expect(slept(0, 60)).toBe(true);
  expect(slept(0, 9)).toBe(false);
  expect(slept(null, 60)).toBe(false);
  expect(slept(0, null)).toBe(false);
});

test('a reload that made looks rarer is followed, and one that made them denser is not', () => {
  const asked = plan({ pollMs: MINUTE_MS });
  expect(policyOf(asked, 5 * MINUTE_MS).lookMs).toBe(5 * MINUTE_MS);
  expect(policyOf(asked, MINUTE_MS / 2).lookMs).toBe(MINUTE_MS);
});

test('fresh starts last as long as the plan, counted in whole polls, and an hour at least', () => {
  const lasting = (dwellMs: number) =>
    policyOf(plan({ steps: [{ weightPercent: 10, dwellMs, approval: false }] })).starts
      .horizonPolls;
  expect(lasting(90.5 * MINUTE_MS)).toBe(121);
  expect(lasting(MINUTE_MS)).toBe(60);
});

test('without a plan it is polled every minute, and fresh starts last six hours at first', () => {
  const guards = [{ name: 'error_rate', limit: 0.05 }] as const;
  expect(policyWithoutPlan(guards, 3)).toMatchObject({
    lines: [{ guard: 'error_rate', against: 'limit' }],
    customGuards: [],
    starts: { plannedSteps: 3, horizonPolls: 360 },
    pollMs: MINUTE_MS,
    lookMs: MINUTE_MS,
  });
});
