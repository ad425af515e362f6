/**
 * Evidence against the candidate on one line: a mixture over how bad it may be and since when.
 * It starts at nothing, may be looked at after every window, and for a candidate within its line
 * ever reaches 100 with a probability of at most 1 %.
 */
import { itemAt } from '#domain/item-at.ts';
import {
  type Alternative,
  type Arms,
  type Bound,
  isOnSide,
  logFactor,
  placeBet,
} from '#domain/statistics/bet.ts';
import { LOG_ZERO, logAddExp, logSumExp } from '#domain/statistics/logarithms.ts';

/** How many times worse than its line the candidate may be, and how much is put on each. */
export type Ratios = { readonly ratios: readonly number[]; readonly prior: readonly number[] };

export const RATE_RATIOS: Ratios = {
  ratios: [1.5, 2, 3, 5, 10, 30, 100],
  prior: [0.35, 0.25, 0.15, 0.1, 0.07, 0.05, 0.03],
};

export const VALUE_RATIOS: Ratios = {
  ratios: [1.1, 1.25, 1.5, 2, 4],
  prior: [0.3, 0.3, 0.2, 0.12, 0.08],
};

/** One logarithm a ratio. */
export type LogStarts = readonly number[];

export const noStarts = ({ ratios }: Ratios): LogStarts => ratios.map(() => LOG_ZERO);

export const logEvidence = (starts: LogStarts): number => logSumExp(starts);

/** Puts the weight of a fresh start on every ratio, before the window is looked at. */
export function startAfresh(starts: LogStarts, { prior }: Ratios, weight: number): LogStarts {
  if (weight <= 0) return starts;
  return starts.map((start, index) => logAddExp(start, Math.log(weight * itemAt(prior, index))));
}

/** Multiplies every ratio by its factor; `temper` below 1 allows for bad requests in clusters. */
export function multiplyStarts(
  starts: LogStarts,
  temper: number,
  logFactorOf: (ratioIndex: number) => number,
): LogStarts {
  return starts.map((start, index) => Math.max(LOG_ZERO, start + temper * logFactorOf(index)));
}

/** What a rollback bet fears: `ratio` times the line, short of certainty. */
export function fearedRates(bound: Bound, stableRate: number, ratio: number): Alternative {
  const base = bound.rho * stableRate + bound.delta;
  return { candidateRate: Math.min(ratio * base, base + 0.9 * (1 - base)), stableRate };
}

/** One window of counts on one line, looked at once. */
export function weighRates(
  starts: LogStarts,
  { bound, arms, stableRate, temper }: RateWindow,
  { ratios }: Ratios = RATE_RATIOS,
): LogStarts {
  const sizes = { candidate: arms.candidate.observations, stable: arms.stable.observations };
  return multiplyStarts(starts, temper, (index) => {
    const feared = fearedRates(bound, stableRate, itemAt(ratios, index));
    const bet = placeBet(bound, feared, sizes);
    return isOnSide(bet, 'above') ? logFactor(bet, arms) : 0;
  });
}

export type RateWindow = {
  readonly bound: Bound;
  readonly arms: Arms;
  /** Forecast of stable's rate from earlier windows. */
  readonly stableRate: number;
  readonly temper: number;
};
