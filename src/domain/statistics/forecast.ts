/** What stable is expected to show in the next window, from earlier windows alone. */
import type { Tally } from '#domain/statistics/bet.ts';
import { clamp } from '#domain/statistics/logarithms.ts';
import type { Bins, Spread } from '#domain/statistics/value-bet.ts';

const HALF_LIFE_WINDOWS = 60;
const KEPT = 2 ** (-1 / HALF_LIFE_WINDOWS);

/**
 * Observations, bad ones (or the sum of values) and the sum of squares, all forgotten slowly.
 * Squares matter for values only; a bad one is its own square.
 */
export type Forecast = {
  readonly observations: number;
  readonly bad: number;
  readonly squares: number;
};

/** Before any data: half a bad one in 50. */
export const unknownRate: Forecast = { observations: 50, bad: 0.5, squares: 0.5 };

/** One pretended value keeps the first forecast away from the ends. */
export const unknownSpread: Forecast = { observations: 1, bad: 0.1, squares: 0.02 };

export const forecastRate = ({ observations, bad }: Forecast) =>
  clamp(bad / observations, 1e-7, 0.95);

export const learnRate = (forecast: Forecast, seen: Tally): Forecast => ({
  observations: forecast.observations * KEPT + seen.observations,
  bad: forecast.bad * KEPT + seen.bad,
  squares: forecast.squares * KEPT + seen.bad,
});

export function forecastSpread({ observations, bad, squares }: Forecast): Spread {
  const mean = clamp(bad / observations, 1e-6, 0.95);
  return { mean, variance: Math.max(1e-8, squares / observations - mean * mean) };
}

export function learnSpread(forecast: Forecast, { values, counts }: Bins): Forecast {
  let observations = forecast.observations * KEPT;
  let bad = forecast.bad * KEPT;
  let squares = forecast.squares * KEPT;
  values.forEach((value, index) => {
    const count = counts[index] ?? 0;
    observations += count;
    bad += count * value;
    squares += count * value * value;
  });
  return { observations, bad, squares };
}
