import { expect, test } from 'vitest';
import { logFactor, placeBet } from '#domain/statistics/bet.ts';
import { hopedRates, LOG_GATE_PASSES } from '#domain/statistics/gate.ts';
import { gateLengthOfMeans, gateLengthOfRates } from '#domain/statistics/gate-length.ts';

const { sqrt, log } = Math;

/** Typical and late, as a walk with such a drift and such a scatter for one observation takes. */
const walk = (drift: number, variance: number) => {
  const typical = LOG_GATE_PASSES / drift;
  const late = typical + (2 * sqrt(variance * typical)) / drift;
  return { typical: expect.closeTo(typical, 6), late: expect.closeTo(late, 6) };
};

test('a limit alone is passed as fast as chance tells the rate from it', () => {
  const [rate, limit] = [0.01, 0.02];
  const [ofBad, ofGood] = [log(rate / limit), log((1 - rate) / (1 - limit))];
  expect(gateLengthOfRates({ rho: 0, delta: limit }, rate, 0.3)).toEqual(
    walk(rate * ofBad + (1 - rate) * ofGood, rate * (1 - rate) * (ofBad - ofGood) ** 2),
  );
});

test('beside stable, an observation is worth what it pays with three of stable next to it', () => {
  const bound = { rho: 1, delta: 0.02 };
  const rate = 0.04;
  const sizes = { candidate: 1, stable: 3 };
  const bet = placeBet(bound, hopedRates(bound, rate, 0), sizes);
  const pays = logFactor(bet, {
    candidate: { observations: 1, bad: rate },
    stable: { observations: 3, bad: 3 * rate },
  });
  const jumpOf = (bad: number, good: number) => log(1 + bad) - log(1 - good);
  const ofCandidate = jumpOf(
    (1 - bet.candidateAnchor) * bet.candidateStake,
    bet.candidateAnchor * bet.candidateStake,
  );
  const ofStable = jumpOf(
    -(1 - bet.stableAnchor) * bet.stableStake,
    -bet.stableAnchor * bet.stableStake,
  );
  const scatter = (ofCandidate ** 2 + 3 * ofStable ** 2) * rate * (1 - rate);
  expect(gateLengthOfRates(bound, rate, 0.25)).toEqual(walk(pays, scatter));
});

test('values take as long as their mean and their scatter say', () => {
  const stable = { mean: 0.4, variance: 0.24 };
  // A stake of 0.4 on a mean 0.1 below the limit.
  expect(gateLengthOfMeans({ rho: 0, delta: 0.5 }, stable, 0.5)).toEqual(
    walk(0.04 - (0.16 * 0.25) / 2, 0.16 * 0.24),
  );
  // Both arms stand 0.05 from where they would be at the line, and weigh the same.
  const stake = 0.05 / (0.24 + 0.05 ** 2);
  expect(gateLengthOfMeans({ rho: 1, delta: 0.1 }, stable, 0.5)).toEqual(
    walk(0.05 * stake, 2 * stake ** 2 * 0.24),
  );
});

test('tempered evidence takes as much longer', () => {
  const whole = gateLengthOfRates({ rho: 1, delta: 0.02 }, 0.04, 0.5);
  expect(gateLengthOfRates({ rho: 1, delta: 0.02 }, 0.04, 0.5, 0.25)).toEqual({
    typical: 4 * whole.typical,
    late: 4 * whole.late,
  });
});

test('where stable itself does not keep the limit, no number of observations is enough', () => {
  const never = { typical: Number.POSITIVE_INFINITY, late: Number.POSITIVE_INFINITY };
  expect(gateLengthOfRates({ rho: 0, delta: 0.02 }, 0.03, 0.5)).toEqual(never);
  expect(gateLengthOfRates({ rho: 0, delta: 0.02 }, 0.02, 0.5)).toEqual(never);
});
