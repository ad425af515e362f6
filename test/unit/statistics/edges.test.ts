import { describe, expect, test } from 'vitest';
import { isOnSide, placeBet } from '#domain/statistics/bet.ts';
import { dispersionOfRates, dispersionOfValues } from '#domain/statistics/dispersion.ts';
import {
  closedGates,
  hopedMean,
  hopedRates,
  multiplyGates,
  weighGate,
} from '#domain/statistics/gate.ts';
import { LOG_ZERO, logSumExp } from '#domain/statistics/logarithms.ts';
import {
  fearedRates,
  multiplyStarts,
  noStarts,
  RATE_RATIOS,
  startAfresh,
  weighRates,
} from '#domain/statistics/rollback-evidence.ts';
import { expectedShares, weighShare } from '#domain/statistics/share-check.ts';
import { startWeight, startWeights } from '#domain/statistics/start-weights.ts';

describe('the weight of a fresh start', () => {
  const weights = startWeights(5, 10);

  test('is largest before the first poll, whatever changes with it', () => {
    expect(startWeight(weights, 0, false)).toBe(0.6);
    expect(startWeight(weights, 0, true)).toBe(0.6);
  });

  test('is shared by the changes of step', () => {
    const ofStep = startWeight(weights, 3, true) - startWeight(weights, 3, false);
    expect(ofStep).toBeCloseTo(0.25 / 4, 12);
    const alone = startWeights(1, 10);
    expect(startWeight(alone, 3, true)).toBe(startWeight(alone, 3, false));
  });

  test('halves with each block, and each block is twice as long', () => {
    const at = (poll: number) => startWeight(weights, poll, false);
    expect(at(1)).toBeCloseTo(0.15 / 2 / 10, 12);
    expect(at(10)).toBe(at(1));
    expect(at(11)).toBeCloseTo(at(1) / 4, 12);
    expect(at(30)).toBe(at(11));
    expect(at(31)).toBeCloseTo(at(1) / 16, 12);
  });
});

describe('evidence', () => {
  test('that nothing was started for is none, and stays none', () => {
    const none = noStarts(RATE_RATIOS);
    expect(startAfresh(none, RATE_RATIOS, 0)).toBe(none);
    expect(multiplyStarts(none, 1, () => -5)).toEqual(none);
    expect(logSumExp([])).toBe(LOG_ZERO);
  });

  test('is tempered before it is added', () => {
    expect(multiplyStarts([0], 0.5, () => 3)).toEqual([1.5]);
    expect(multiplyGates(closedGates(), 0.5, () => 3)).toEqual([1.5, 1.5]);
  });

  test('for a candidate is capped at a thousand to one, so that a late change is still seen', () => {
    expect(multiplyGates([6, -2], 1, () => 2)).toEqual([Math.log(1_000), 0]);
  });
});

test('what is feared is a multiple of the line, short of certainty', () => {
  const bound = { rho: 1, delta: 0.01 };
  expect(fearedRates(bound, 0.04, 2)).toEqual({ candidateRate: 0.1, stableRate: 0.04 });
  expect(fearedRates(bound, 0.04, 100).candidateRate).toBeCloseTo(0.05 + 0.9 * 0.95, 12);
});

test('what is hoped lies between stable and the line, and never is nothing at all', () => {
  expect(hopedMean({ rho: 1, delta: 0.1 }, 0.2, 0.3)).toBeCloseTo(0.23, 12);
  expect(hopedMean({ rho: 0, delta: 0.1 }, 0.05, 0.3)).toBeCloseTo(0.065, 12);
  expect(hopedMean({ rho: 0, delta: 0.1 }, 0.2, 0)).toBe(0.1);
  expect(hopedRates({ rho: 1, delta: 0.1 }, 0, 0)).toEqual({ candidateRate: 1e-7, stableRate: 0 });
});

test('windows without a neighbour, without requests or without errors say nothing of clusters', () => {
  const calm = { phi: 1, temper: 1 };
  expect(dispersionOfRates([])).toEqual(calm);
  expect(dispersionOfRates([{ observations: 100, bad: 3 }])).toEqual(calm);
  expect(
    dispersionOfRates([
      { observations: 100, bad: 3 },
      { observations: 0, bad: 0 },
      { observations: 100, bad: 30 },
    ]),
  ).toEqual(calm);
});

test('values are tempered once neighbours differ by 1.3 times what chance allows', () => {
  const two = (mean: number) =>
    dispersionOfValues([
      { observations: 2, mean: 0, variance: 130 },
      { observations: 2, mean, variance: 130 },
    ]);
  expect(two(13)).toEqual({ phi: 1.3, temper: 1 / (1.15 * 1.3) });
  expect(two(12.9).temper).toBe(1);
});

test('how far values scatter is taken from both windows, by their sizes', () => {
  const { phi } = dispersionOfValues([
    { observations: 30, mean: 0.5, variance: 0.2 },
    { observations: 10, mean: 0.3, variance: 0.04 },
  ]);
  const pooled = (30 * 0.2 + 10 * 0.04) / 40;
  expect(phi).toBeCloseTo(0.2 ** 2 / (pooled * (1 / 30 + 1 / 10)), 12);
});

test('a share above the weight is looked for at most half of the way to everything', () => {
  const [, , more, most] = weighShare(expectedShares(), 0.9, { candidate: 10, stable: 0 });
  expect(more).toBeCloseTo(10 * Math.log(0.95 / 0.9), 12);
  expect(most).toBe(more);
});

describe('a bet on rates', () => {
  const even = { candidate: 100, stable: 100 };

  test('without a stake is on neither side', () => {
    const bet = placeBet({ rho: 0, delta: 0.1 }, { candidateRate: 0.1, stableRate: 0 }, even);
    expect(bet.candidateStake).toBe(0);
    expect(isOnSide(bet, 'above')).toBe(false);
    expect(isOnSide(bet, 'below')).toBe(false);
  });

  test('compares with rates at which the candidate may still be within its line', () => {
    const feared = { candidateRate: 1, stableRate: 0.9 };
    const bet = placeBet({ rho: 2, delta: 0.5 }, feared, even);
    expect(bet.stableAnchor).toBeCloseTo(0.25, 8);
    expect(bet.candidateAnchor).toBeCloseTo(1, 8);
    const never = placeBet({ rho: 1, delta: 0 }, { candidateRate: 0, stableRate: 0 }, even);
    expect(never.stableAnchor).toBe(1e-12);
  });

  test('keeps every digit where stable hardly ever fails', () => {
    const sizes = { candidate: 1, stable: 1e6 };
    const { stableAnchor: x } = placeBet(
      { rho: 1, delta: 0.5 },
      { candidateRate: 0.9, stableRate: 1e-9 },
      sizes,
    );
    const [a, b, c] = [1e6 + 1, 0.5 - 0.9 + 1e6 * (0.5 - 1e-9), 1e6 * 0.5 * 1e-9];
    expect((a * x * x + b * x) / c).toBeCloseTo(1, 13);
  });

  test('shrinks so that no outcome costs everything', () => {
    const bet = placeBet({ rho: 0, delta: 0.5 }, { candidateRate: 1, stableRate: 0 }, even);
    expect(bet).toEqual({
      candidateAnchor: 0.5,
      stableAnchor: 0,
      candidateStake: expect.closeTo(2 * (1 - 1e-6), 12),
      stableStake: 0,
    });
  });

  test('is not placed where there is no room on the side that was meant', () => {
    const arms = {
      candidate: { observations: 100, bad: 1 },
      stable: { observations: 100, bad: 0 },
    };
    const seen = { arms, stableRate: 0, temper: 1 };
    // What is feared of a service that never fails is no more than that, and nobody can hope for less than nothing.
    const starts = startAfresh(noStarts(RATE_RATIOS), RATE_RATIOS, 0.6);
    expect(weighRates(starts, { ...seen, bound: { rho: 1, delta: 0 } })).toEqual(starts);
    const gates = closedGates();
    expect(weighGate(gates, { ...seen, bound: { rho: 0, delta: 1e-9 } })).toEqual(gates);
  });
});
