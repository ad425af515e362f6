/** What the method promises, on samples small enough for every day; the benchmark draws thousands. */
import { describe, expect, test } from 'vitest';
import { dice } from '#test/bench/policy/dice.ts';
import { busy, type GatedWorld, release, thin } from '#test/bench/policy/gated.ts';
import { ourPolicy, ourRule } from '#test/bench/policy/our-rule.ts';
import { follow, quantile } from '#test/bench/policy/rule.ts';
import { draw, drift, hourly, incident, type World } from '#test/bench/policy/world.ts';

const rule = ourRule({ name: 'this method' });
const oneOfEight = ourRule({
  name: 'one guard of eight',
  policy: { ...ourPolicy, lines: ourPolicy.lines.map((line) => ({ ...line, weight: 1 / 8 })) },
});

const outcomes = (world: World, releases: number, by = rule) =>
  Array.from({ length: releases }, (_, seed) => follow(by, draw(world, dice(seed))));

const stopped = (world: World, releases: number) =>
  outcomes(world, releases).filter((outcome) => outcome.stopped).length / releases;

describe('a healthy candidate', () => {
  test.each<[string, World]>([
    ['when stable fails 1 %', hourly(0.01, 1)],
    ['when stable fails 0.1 %', hourly(0.001, 1)],
    ['when an incident makes both arms ten times worse', incident(0.01)],
    ['when both arms drift from 0.5 to 3 %', drift(0.005, 0.03)],
    ['when errors come in threes', hourly(0.01, 1, { cluster: 'threes' })],
  ])('is hardly ever stopped %s', (_, world) => {
    expect(stopped(world, 200)).toBeLessThanOrEqual(0.01);
  });
});

describe('a worse candidate', () => {
  test.each([
    [20, 'this method', rule, { requests: 60, bad: 10 }],
    [5, 'this method', rule, { requests: 480, bad: 18 }],
    [2, 'this method', rule, { requests: 5_000, bad: 90 }],
    [20, 'one guard of eight', oneOfEight, { requests: 65, bad: 12 }],
    [5, 'one guard of eight', oneOfEight, { requests: 560, bad: 24 }],
  ])(
    'that fails %i times as often is found by %s before it did much harm',
    (ratio, _, by, most) => {
      const found = outcomes(hourly(0.01, ratio), 200, by).filter((outcome) => outcome.stopped);
      expect(found.length).toBeGreaterThanOrEqual(ratio === 2 ? 190 : 200);
      const late = (what: 'requests' | 'bad') =>
        quantile(
          found.map((one) => one[what]),
          0.95,
        );
      // A 95th percentile of 200 releases scatters by a fifth.
      expect(late('requests')).toBeLessThanOrEqual(1.2 * most.requests);
      expect(late('bad')).toBeLessThanOrEqual(1.2 * most.bad);
    },
  );
});

describe('a gated release with a budget of 0.5 %', () => {
  const policy = { ...ourPolicy, riskBudget: 0.005 };
  const endings = (world: GatedWorld, releases: number) =>
    Array.from({ length: releases }, (_, seed) => release(policy, world, dice(seed)));

  test('completes in an hour when the candidate is healthy', () => {
    const all = endings(busy(0.01, 1), 100);
    const completed = all.filter(({ what }) => what === 'completed');
    expect(completed.length).toBeGreaterThanOrEqual(98);
    expect(
      quantile(
        completed.map(({ minutes }) => minutes),
        0.5,
      ),
    ).toBeLessThanOrEqual(60);
  });

  test('never gives a candidate that fails twice as often the last step', () => {
    const all = endings(busy(0.01, 2), 150);
    expect(all.filter(({ highestPercent }) => highestPercent >= 95)).toEqual([]);
    const half = all.filter(({ highestPercent }) => highestPercent >= 50).length;
    expect(half / all.length).toBeLessThanOrEqual(0.03);
  });

  test('passes a candidate exactly at the border with at most 5 %', () => {
    // At 25 % on the way to 50 %, the margin is 1 point: stable fails 1 %, the candidate 2 %.
    const border = { ...busy(0.01, 2), ladder: [25, 50], pollsMax: 200, lastStepPolls: 1_000 };
    const blind = { ...policy, lines: policy.lines.map((line) => ({ ...line, weight: 1e-300 })) };
    const all = Array.from({ length: 100 }, (_, seed) => release(blind, border, dice(seed)));
    const passed = all.filter(({ highestPercent }) => highestPercent === 50).length;
    expect(passed / all.length).toBeLessThanOrEqual(0.05);
  });
});

test('a service of 500 requests a day finishes three steps at a budget of 2 % within 10 days', () => {
  const world = { ...thin([20, 50, 100], 1, 60), historyPolls: 14 * 24 };
  const policy = { ...ourPolicy, riskBudget: 0.02 };
  const inTime = Array.from({ length: 100 }, (_, seed) =>
    release(policy, world, dice(seed)),
  ).filter(({ what, minutes }) => what === 'completed' && minutes <= 10 * 24 * 60);
  expect(inTime.length).toBeGreaterThanOrEqual(95);
});
