/**
 * The same fair bet for values between 0 and 1 instead of yes or no: capped latencies and costs.
 * Values come sorted into bins, since a histogram is all that a source can say about them.
 */
import type { Bet, Bound, Sizes } from '#domain/statistics/bet.ts';
import { clamp } from '#domain/statistics/logarithms.ts';

/** `counts[i]` observations of the value `values[i]`, each between 0 and 1. */
export type Bins = { readonly values: readonly number[]; readonly counts: readonly number[] };

/** Mean and variance of stable, forecast from earlier windows. */
export type Spread = { readonly mean: number; readonly variance: number };

/** The largest share of the own capital that one observation may cost. */
const LARGEST_LOSS = 0.5;

/** A bet that gains when the candidate's mean is `candidateMean` and stable's is as forecast. */
export function placeValueBet(
  bound: Bound,
  candidateMean: number,
  stable: Spread,
  sizes: Sizes,
): Bet {
  const { rho, delta } = bound;
  const excess = candidateMean - (rho * stable.mean + delta);
  const share = sizes.candidate / (sizes.candidate + sizes.stable);
  const stableAnchor =
    rho > 0 ? clamp(stable.mean + (excess * share) / rho, 1e-9, (1 - 1e-6 - delta) / rho) : 0;
  const candidateAnchor = clamp(rho * stableAnchor + delta, 1e-9, 1 - 1e-6);
  const gain = candidateMean - candidateAnchor;
  // Against stable the two arms share the distance; the full one says how far values may scatter.
  const reach = Math.max(excess, gain);
  const wanted = gain / (stable.variance + reach * reach);
  const candidateStake = clamp(
    wanted,
    -LARGEST_LOSS / (1 - candidateAnchor),
    LARGEST_LOSS / candidateAnchor,
  );
  if (rho === 0) return { candidateAnchor, stableAnchor, candidateStake, stableStake: 0 };
  const stableStake = (rho * sizes.candidate * candidateStake) / sizes.stable;
  const cost = Math.max((1 - stableAnchor) * stableStake, -stableAnchor * stableStake);
  const shrink = Math.max(1, cost / LARGEST_LOSS);
  return {
    candidateAnchor,
    stableAnchor,
    candidateStake: candidateStake / shrink,
    stableStake: stableStake / shrink,
  };
}

/** The logarithm of formula 1b. */
export function logFactorOfValues(bet: Bet, candidate: Bins, stable: Bins): number {
  return (
    logOfBins(candidate, bet.candidateStake, bet.candidateAnchor) +
    logOfBins(stable, -bet.stableStake, bet.stableAnchor)
  );
}

function logOfBins({ values, counts }: Bins, stake: number, anchor: number): number {
  let log = 0;
  values.forEach((value, index) => {
    const count = counts[index] ?? 0;
    if (count > 0) log += count * Math.log1p(stake * (value - anchor));
  });
  return log;
}
