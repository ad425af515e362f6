/**
 * The fair bet on one window of counts. While the candidate is within its line, the factor has a
 * mean of at most 1, whatever stable's rate is and however it moves, so nobody can expect to win.
 */
import { clamp } from '#domain/statistics/logarithms.ts';

/** What one arm showed: observations, and how many of them were bad. */
export type Tally = { readonly observations: number; readonly bad: number };
export type Arms = { readonly candidate: Tally; readonly stable: Tally };

/** The candidate's rate may be at most `rho` times stable's rate, plus `delta`. */
export type Bound = { readonly rho: number; readonly delta: number };

/** The rates a bet is built to notice: those feared in a rollback bet, those hoped for in a gate. */
export type Alternative = { readonly candidateRate: number; readonly stableRate: number };

export type Sizes = { readonly candidate: number; readonly stable: number };

export type Bet = {
  readonly candidateAnchor: number;
  readonly stableAnchor: number;
  readonly candidateStake: number;
  readonly stableStake: number;
};

const SMALLEST_RATE = 1e-12;
const LARGEST_RATE = 1 - 1e-9;
const LARGEST_PART = 1 - 1e-6;

/** Chosen before the outcomes of the window are looked at; only the sizes may be known. */
export function placeBet(bound: Bound, alternative: Alternative, sizes: Sizes): Bet {
  const { rho, delta } = bound;
  const stableAnchor = rho > 0 ? nearestOnLine(bound, alternative, sizes) : 0;
  const candidateAnchor = clamp(rho * stableAnchor + delta, SMALLEST_RATE, LARGEST_RATE);
  const candidateStake =
    (alternative.candidateRate - candidateAnchor) / (candidateAnchor * (1 - candidateAnchor));
  const stableStake = rho > 0 ? (rho * sizes.candidate * candidateStake) / sizes.stable : 0;
  return keptPositive({ candidateAnchor, stableAnchor, candidateStake, stableStake });
}

/**
 * A rollback bets that the candidate is above its line, a gate that it is below. Near a rate of 1
 * there may be no room on the side that was meant; betting on the other one would not be fair.
 */
export type Direction = 'above' | 'below';

export const isOnSide = ({ candidateStake }: Bet, direction: Direction) =>
  direction === 'above' ? candidateStake > 0 : candidateStake < 0;

/** The logarithm of formula 1. */
export function logFactor(bet: Bet, { candidate, stable }: Arms): number {
  const { candidateAnchor, stableAnchor, candidateStake, stableStake } = bet;
  return (
    candidate.bad * Math.log1p((1 - candidateAnchor) * candidateStake) +
    (candidate.observations - candidate.bad) * Math.log1p(-candidateAnchor * candidateStake) +
    stable.bad * Math.log1p(-(1 - stableAnchor) * stableStake) +
    (stable.observations - stable.bad) * Math.log1p(stableAnchor * stableStake)
  );
}

/** The stable rate of that point of the line which lies nearest to the alternative. */
function nearestOnLine({ rho, delta }: Bound, alternative: Alternative, sizes: Sizes): number {
  const { candidateRate, stableRate } = alternative;
  const a = rho * (rho * sizes.candidate + sizes.stable);
  const b =
    sizes.candidate * rho * (delta - candidateRate) + sizes.stable * (delta - rho * stableRate);
  const c = sizes.stable * delta * stableRate;
  const root = Math.sqrt(b * b + 4 * a * c);
  // The two forms are the same root; each avoids subtracting nearly equal numbers.
  const anchor = b > 0 ? (2 * c) / (b + root) : (root - b) / (2 * a);
  return clamp(anchor, SMALLEST_RATE, (LARGEST_RATE - delta) / rho);
}

/** No outcome may cost all that was won, so the stakes shrink together until every factor is positive. */
function keptPositive(bet: Bet): Bet {
  const { candidateAnchor, stableAnchor, candidateStake, stableStake } = bet;
  const shrink =
    Math.max(
      LARGEST_PART,
      candidateAnchor * candidateStake,
      -(1 - candidateAnchor) * candidateStake,
      (1 - stableAnchor) * stableStake,
      -stableAnchor * stableStake,
    ) / LARGEST_PART;
  return {
    candidateAnchor,
    stableAnchor,
    candidateStake: candidateStake / shrink,
    stableStake: stableStake / shrink,
  };
}
