import { describe, expect, test } from 'vitest';
import { dispersionOfRates } from '#domain/statistics/dispersion.ts';
import { closedGates, hopedMean, hopedRates, multiplyGates } from '#domain/statistics/gate.ts';
import { LOG_ZERO, logSumExp } from '#domain/statistics/logarithms.ts';
import {
  fearedRates,
  multiplyStarts,
  noStarts,
  RATE_RATIOS,
  startAfresh,
} from '#domain/statistics/rollback-evidence.ts';
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
