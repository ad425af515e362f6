import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Arms, type Bet, type Bound, logFactor, placeBet } from '#domain/statistics/bet.ts';
import { combineEvidence } from '#domain/statistics/combine.ts';
import { dispersionOfRates } from '#domain/statistics/dispersion.ts';
import { forecastRate, learnRate, unknownRate } from '#domain/statistics/forecast.ts';
import { closedGates, logGate, weighGate } from '#domain/statistics/gate.ts';
import {
  logEvidence,
  noStarts,
  RATE_RATIOS,
  startAfresh,
  weighRates,
} from '#domain/statistics/rollback-evidence.ts';
import { expectedShares, logShare, weighShare } from '#domain/statistics/share-check.ts';
import { type StartWeights, startWeight } from '#domain/statistics/start-weights.ts';
import { logFactorOfValues } from '#domain/statistics/value-bet.ts';

type VectorTally = { requests: number; bad: number };
type VectorWindow = { candidate: VectorTally; stable: VectorTally };
type Forecasted = VectorWindow & { predictedStableRate: number; step: number };
type VectorBet = {
  candidateRequests: number;
  stableRequests: number;
  rho: number;
  delta: number;
  designCandidateRate: number;
  designStableRate: number;
};

const vectors = JSON.parse(readFileSync('test/vectors/engine.json', 'utf8'));

const tally = ({ requests, bad }: VectorTally) => ({ observations: requests, bad });
const arms = ({ candidate, stable }: VectorWindow): Arms => ({
  candidate: tally(candidate),
  stable: tally(stable),
});
const betOf = (input: VectorBet) =>
  placeBet(
    input,
    { candidateRate: input.designCandidateRate, stableRate: input.designStableRate },
    { candidate: input.candidateRequests, stable: input.stableRequests },
  );

function expectClose(actual: number, expected: number) {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
}

describe('a bet', () => {
  test.each<{ name: string; input: VectorBet; expected: Bet }>(vectors.bets.cases)(
    'is placed as published: $name',
    ({ input, expected }) => {
      const bet = betOf(input);
      for (const part of Object.keys(expected) as (keyof Bet)[])
        expectClose(bet[part], expected[part]);
    },
  );

  test.each<{ name: string; input: { bet: VectorBet; window: VectorWindow }; expected: number }>([
    ...vectors.logFactors.cases,
    { name: 'pooled likelihood ratio', ...vectors.identities.pooledLikelihoodRatio },
  ])('pays as published: $name', ({ input, expected }) => {
    expectClose(logFactor(betOf(input.bet), arms(input.window)), expected);
  });

  test('on values pays as published', () => {
    for (const { input, expected } of vectors.logFactorsOfValues.cases) {
      const bins = (values: number[]) => ({ values, counts: values.map(() => 1) });
      const { bet, candidateValues, stableValues } = input;
      expectClose(logFactorOfValues(bet, bins(candidateValues), bins(stableValues)), expected);
    }
  });

  test('has the published mean over all outcomes, never above 1 at the border', () => {
    for (const { input, expected, ...rest } of vectors.expectedFactors.cases) {
      expect(rest).toEqual({});
      const { candidateRequests, stableRequests } = input.bet;
      let mean = 0;
      for (let bad = 0; bad <= candidateRequests; bad += 1)
        for (let stableBad = 0; stableBad <= stableRequests; stableBad += 1)
          mean +=
            binomial(candidateRequests, bad, input.trueCandidateRate) *
            binomial(stableRequests, stableBad, input.trueStableRate) *
            Math.exp(
              logFactor(betOf(input.bet), {
                candidate: { observations: candidateRequests, bad },
                stable: { observations: stableRequests, bad: stableBad },
              }),
            );
      expectClose(mean, expected);
      expect(mean).toBeLessThanOrEqual(1 + 1e-12);
    }
  });
});

describe('the evidence for a rollback', () => {
  const { ratios, prior, plannedSteps, horizon, firstWeight, stepsWeight, pollsWeight, temper } =
    vectors.rollback.parameters;
  const weights: StartWeights = {
    firstWeight,
    stepsWeight,
    pollsWeight,
    plannedSteps,
    horizonPolls: horizon,
    blockShare: 1,
  };

  test('is made of the published ratios', () => {
    expect(RATE_RATIOS).toEqual({ ratios, prior });
  });

  test.each<{ name: string; guard: Bound; windows: Forecasted[]; expectedLogEvidence: number[] }>(
    vectors.rollback.cases,
  )('grows as published: $name', ({ guard, windows, expectedLogEvidence }) => {
    let starts = noStarts(RATE_RATIOS);
    windows.forEach((window, poll) => {
      const changesStep = poll > 0 && windows[poll - 1]?.step !== window.step;
      starts = startAfresh(starts, RATE_RATIOS, startWeight(weights, poll, changesStep));
      const stableRate = window.predictedStableRate;
      starts = weighRates(starts, { bound: guard, arms: arms(window), stableRate, temper });
      expectClose(logEvidence(starts), expectedLogEvidence[poll] ?? Number.NaN);
    });
  });

  test('with one ratio and one start is the likelihood ratio of Wald', () => {
    const { parameters, windows, expectedLogEvidence } = vectors.identities.waldLikelihoodRatio;
    let starts = startAfresh(noStarts(parameters), parameters, parameters.firstWeight);
    windows.forEach((window: Forecasted, poll: number) => {
      const stableRate = window.predictedStableRate;
      const seen = { bound: parameters, arms: arms(window), stableRate, temper: 1 };
      starts = weighRates(starts, seen, parameters);
      expectClose(logEvidence(starts), expectedLogEvidence[poll]);
    });
  });

  test('starts afresh with the published weights', () => {
    const { input, expected } = vectors.restartWeights;
    input.stepAtEachPoll.forEach((step: number, poll: number, all: number[]) => {
      const changesStep = poll > 0 && all[poll - 1] !== step;
      expectClose(startWeight(weights, poll, changesStep), expected[poll]);
    });
  });

  test('never spends more than 1 on fresh starts, however long a release lives', () => {
    const blocks = { ...weights, blockShare: 0.5 };
    let spent = 0;
    for (let poll = 0; poll < 100_000; poll += 1)
      spent += startWeight(blocks, poll, poll > 0 && poll <= 5);
    expect(spent).toBeLessThanOrEqual(1);
    expect(spent).toBeGreaterThan(0.98);
  });
});

describe('the gate', () => {
  test.each<{ name: string; delta: number; windows: Forecasted[]; expectedLogEvidence: number[] }>(
    vectors.gate.cases,
  )('opens as published: $name', ({ delta, windows, expectedLogEvidence }) => {
    const { rho, temper } = vectors.gate.parameters;
    let gates = closedGates();
    windows.forEach((window, poll) => {
      const stableRate = window.predictedStableRate;
      gates = weighGate(gates, { bound: { rho, delta }, arms: arms(window), stableRate, temper });
      expectClose(logGate(gates), expectedLogEvidence[poll] ?? Number.NaN);
    });
  });
});

test('several lines combine as published', () => {
  for (const { input, expected } of vectors.combine.cases)
    expectClose(combineEvidence(input), expected);
});

test('the forecast of stable follows the published numbers', () => {
  for (const { stableWindows, expected } of vectors.predictor.cases) {
    let forecast = unknownRate;
    expectClose(forecastRate(forecast), expected[0]);
    stableWindows.forEach((window: VectorTally, index: number) => {
      forecast = learnRate(forecast, tally(window));
      expectClose(forecastRate(forecast), expected[index + 1]);
    });
  }
});

test.each<{
  name: string;
  stableWindows: VectorTally[];
  expected: { phi: number; temper: number };
}>(vectors.dispersion.cases)(
  'clusters are measured as published: $name',
  ({ stableWindows, expected }) => {
    const { phi, temper } = dispersionOfRates(stableWindows.map(tally));
    expectClose(phi, expected.phi);
    expectClose(temper, expected.temper);
  },
);

type ShareWindow = { candidateRequests: number; stableRequests: number };
test.each<{ name: string; weight: number; windows: ShareWindow[]; expectedLogEvidence: number[] }>(
  vectors.shareCheck.cases,
)('the split is checked as published: $name', ({ weight, windows, expectedLogEvidence }) => {
  let shares = expectedShares();
  windows.forEach(({ candidateRequests, stableRequests }, index) => {
    const requests = { candidate: candidateRequests, stable: stableRequests };
    shares = weighShare(shares, weight, requests);
    expectClose(logShare(shares), expectedLogEvidence[index] ?? Number.NaN);
  });
});

function binomial(n: number, k: number, p: number): number {
  let choose = 1;
  for (let i = 1; i <= k; i += 1) choose = (choose * (n - k + i)) / i;
  return choose * p ** k * (1 - p) ** (n - k);
}
