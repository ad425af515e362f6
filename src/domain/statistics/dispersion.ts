/**
 * Do bad requests come alone or in clusters? Neighbouring windows of stable tell: if they differ by
 * more than chance allows, the evidence is tempered, because one fault then makes many bad requests.
 */
import type { Tally } from '#domain/statistics/bet.ts';

export type Dispersion = { readonly phi: number; readonly temper: number };

/** A window reduced to what matters here: how many, their mean, and the variance of a single one. */
export type Moments = {
  readonly observations: number;
  readonly mean: number;
  readonly variance: number;
};

const CALM: Dispersion = { phi: 1, temper: 1 };

export function dispersionOfRates(windows: readonly Tally[]): Dispersion {
  return dispersion(windows, (a, b) => {
    const pooled = (a.bad + b.bad) / (a.observations + b.observations);
    return {
      difference: a.bad / a.observations - b.bad / b.observations,
      variance: pooled * (1 - pooled),
    };
  });
}

export function dispersionOfValues(windows: readonly Moments[]): Dispersion {
  return dispersion(windows, (a, b) => ({
    difference: a.mean - b.mean,
    variance:
      (a.observations * a.variance + b.observations * b.variance) /
      (a.observations + b.observations),
  }));
}

/** Differences of neighbours, so that a slow drift of the service is not mistaken for clusters. */
function dispersion<Window extends { readonly observations: number }>(
  windows: readonly Window[],
  compare: (a: Window, b: Window) => { readonly difference: number; readonly variance: number },
): Dispersion {
  let seen = 0;
  let expected = 0;
  windows.forEach((window, index) => {
    const before = windows[index - 1];
    if (!before || before.observations <= 0 || window.observations <= 0) return;
    const { difference, variance } = compare(before, window);
    seen += difference * difference;
    expected += variance * (1 / before.observations + 1 / window.observations);
  });
  if (expected <= 0) return CALM;
  const phi = seen / expected;
  return { phi, temper: phi < 1.3 ? 1 : 1 / (1.15 * phi) };
}
