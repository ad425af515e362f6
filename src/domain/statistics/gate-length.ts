/**
 * How many observations a healthy candidate needs to pass a gate. Its evidence is a random walk
 * that drifts upwards: the level divided by the drift is the typical time, and twice the scatter on
 * top is the time within which 95 of 100 pass. Both agree with simulation within a tenth or two.
 */
import { type Bet, type Bound, placeBet, type Sizes } from '#domain/statistics/bet.ts';
import { hopedMean, hopedRates, LOG_GATE_PASSES } from '#domain/statistics/gate.ts';
import { placeValueBet, type Spread } from '#domain/statistics/value-bet.ts';

/** Candidate observations; infinite when stable itself is on the wrong side of the line. */
export type GateLength = { readonly typical: number; readonly late: number };

type Walk = { readonly drift: number; readonly variance: number };

/** For rates: the candidate is as stable is, and gets `share` of the traffic. */
export function gateLengthOfRates(
  bound: Bound,
  rate: number,
  share: number,
  temper = 1,
): GateLength {
  const sizes = sizesAt(share);
  const bet = placeBet(bound, hopedRates(bound, rate, 0), sizes);
  const ofArm = (stake: number, anchor: number): Walk => {
    const good = Math.log1p(-anchor * stake);
    const jump = Math.log1p((1 - anchor) * stake) - good;
    return { drift: good + rate * jump, variance: jump * jump * rate * (1 - rate) };
  };
  return lengthOf(bothArms(bet, sizes, ofArm), temper);
}

/** For means, by the first two moments. */
export function gateLengthOfMeans(
  bound: Bound,
  stable: Spread,
  share: number,
  temper = 1,
): GateLength {
  const sizes = sizesAt(share);
  const { mean, variance } = stable;
  const bet = placeValueBet(bound, hopedMean(bound, mean, 0), stable, sizes);
  const ofArm = (stake: number, anchor: number): Walk => {
    const gap = mean - anchor;
    const squares = variance + gap * gap;
    return {
      drift: stake * gap - (stake * stake * squares) / 2,
      variance: stake * stake * variance,
    };
  };
  return lengthOf(bothArms(bet, sizes, ofArm), temper);
}

const sizesAt = (share: number): Sizes => ({ candidate: 1, stable: 1 / share - 1 });

function bothArms(bet: Bet, sizes: Sizes, ofArm: (stake: number, anchor: number) => Walk): Walk {
  const candidate = ofArm(bet.candidateStake, bet.candidateAnchor);
  const stable = ofArm(-bet.stableStake, bet.stableAnchor);
  return {
    drift: candidate.drift + sizes.stable * stable.drift,
    variance: candidate.variance + sizes.stable * stable.variance,
  };
}

function lengthOf({ drift, variance }: Walk, temper: number): GateLength {
  if (drift <= 0) return { typical: Number.POSITIVE_INFINITY, late: Number.POSITIVE_INFINITY };
  const typical = LOG_GATE_PASSES / drift;
  const late = typical + (2 * Math.sqrt(variance * typical)) / drift;
  return { typical: typical / temper, late: late / temper };
}
