/** What stable is expected to show in the next window, from earlier windows alone. */
import type { Tally } from '#domain/statistics/bet.ts';
import { clamp } from '#domain/statistics/logarithms.ts';
import type { Bins, Spread } from '#domain/statistics/value-bet.ts';

const HALF_LIFE_WINDOWS = 60;
const KEPT = 2 ** (-1 / HALF_LIFE_WINDOWS);

/** Bad observations and observations, both forgotten slowly. Before any data: 0.5 bad in 50. */
export type RateForecast = { readonly observations: number; readonly bad: number };

export const unknownRate: RateForecast = { observations: 50, bad: 0.5 };

export const forecastRate = ({ observations, bad }: RateForecast) =>
  clamp(bad / observations, 1e-7, 0.95);

export const learnRate = (forecast: RateForecast, seen: Tally): RateForecast => ({
  observations: forecast.observations * KEPT + seen.observations,
  bad: forecast.bad * KEPT + seen.bad,
});

/** The first two moments of values, forgotten at the same pace. */
export type SpreadForecast = {
  readonly observations: number;
  readonly sum: number;
  readonly squares: number;
};

/** One pretended observation keeps the first forecast in the open interval. */
export const unknownSpread: SpreadForecast = { observations: 1, sum: 0.1, squares: 0.02 };

export function forecastSpread({ observations, sum, squares }: SpreadForecast): Spread {
  const mean = clamp(sum / observations, 1e-6, 0.95);
  return { mean, variance: Math.max(1e-8, squares / observations - mean * mean) };
}

export function learnSpread(forecast: SpreadForecast, { values, counts }: Bins): SpreadForecast {
  let observations = forecast.observations * KEPT;
  let sum = forecast.sum * KEPT;
  let squares = forecast.squares * KEPT;
  values.forEach((value, index) => {
    const count = counts[index] ?? 0;
    observations += count;
    sum += count * value;
    squares += count * value * value;
  });
  return { observations, sum, squares };
}
