import { describe, expect, test } from 'vitest';
import { logFactorOfValues, placeValueBet } from '#domain/statistics/value-bet.ts';

describe('a bet on values', () => {
  test.each([
    {
      name: 'shares the distance between the arms by their sizes',
      bound: { rho: 1, delta: 0.1 },
      candidateMean: 0.5,
      stable: { mean: 0.2, variance: 0.11 },
      sizes: { candidate: 100, stable: 300 },
      bet: [0.35, 0.25, 1, 1 / 3],
    },
    {
      name: 'is shrunk on both sides when stable alone could cost more than half',
      bound: { rho: 2, delta: 0.05 },
      candidateMean: 0.45,
      stable: { mean: 0.1, variance: 0.06 },
      sizes: { candidate: 300, stable: 100 },
      bet: [0.4, 0.175, 0.5 * (0.5 / 0.825 / 3), 0.5 / 0.825],
    },
    {
      name: 'that the candidate is better never costs more than half for one value',
      bound: { rho: 1, delta: 0.1 },
      candidateMean: 0.2,
      stable: { mean: 0.3, variance: 0.1275 },
      sizes: { candidate: 100, stable: 300 },
      bet: [0.35, 0.25, -0.5 / 0.65, -0.5 / 0.65 / 3],
    },
    {
      name: 'against stable that is better is shrunk by what the least value of stable costs',
      bound: { rho: 1, delta: 0.1 },
      candidateMean: 0.2,
      stable: { mean: 0.3, variance: 0.1275 },
      sizes: { candidate: 3_000, stable: 1_000 },
      bet: [0.25, 0.15, -0.05 / (0.1275 + 0.0025), (3 * -0.05) / (0.1275 + 0.0025)],
    },
    {
      name: 'against stable that is better never costs more than half for the least value of stable',
      bound: { rho: 1, delta: 0.1 },
      candidateMean: 0.7,
      stable: { mean: 0.8, variance: 0.01 },
      sizes: { candidate: 3_000, stable: 1_000 },
      bet: [0.75, 0.65, -0.5 / 0.65 / 3, -0.5 / 0.65],
    },
    {
      name: 'against a limit alone needs no stable arm',
      bound: { rho: 0, delta: 0.25 },
      candidateMean: 0.5,
      stable: { mean: 0.9, variance: 0.1875 },
      sizes: { candidate: 10, stable: 0 },
      bet: [0.25, 0, 1, 0],
    },
  ])('$name', ({ bound, candidateMean, stable, sizes, bet }) => {
    const placed = placeValueBet(bound, candidateMean, stable, sizes);
    const { candidateAnchor, stableAnchor, candidateStake, stableStake } = placed;
    const found = [candidateAnchor, stableAnchor, candidateStake, stableStake];
    expect(found).toEqual(bet.map((value) => expect.closeTo(value, 10)));
  });

  test('stays between its borders when values are all but certain', () => {
    const sizes = { candidate: 1_000, stable: 1 };
    const placed = placeValueBet({ rho: 1, delta: 0.1 }, 1, { mean: 0.9, variance: 0 }, sizes);
    expect(placed.stableAnchor).toBeCloseTo(0.9 - 1e-6, 10);
    expect(placed.candidateAnchor).toBeCloseTo(1 - 1e-6, 10);
    const doubled = placeValueBet({ rho: 2, delta: 0.1 }, 1, { mean: 0.9, variance: 0 }, sizes);
    expect(doubled.stableAnchor).toBeCloseTo((0.9 - 1e-6) / 2, 10);
    const limited = placeValueBet({ rho: 0, delta: 1 }, 1, { mean: 0.9, variance: 0.1 }, sizes);
    expect(limited.candidateAnchor).toBe(1 - 1e-6);
  });

  test('leaves out what was never counted, and stable where nothing is staked on it', () => {
    const bet = { candidateAnchor: 0.5, stableAnchor: 0.5, candidateStake: 1, stableStake: 0 };
    const candidate = { values: [0, 1, 0.25], counts: [1, 2] };
    const stable = { values: [1], counts: [100] };
    expect(logFactorOfValues(bet, candidate, stable)).toBeCloseTo(
      Math.log(0.5) + 2 * Math.log(1.5),
      12,
    );
  });
});
