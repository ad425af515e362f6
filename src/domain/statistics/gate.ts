/**
 * Evidence for the candidate: that it is below a line with room to spare. It is the same bet with
 * the sign turned, so a candidate at or above the line ever reaches 20 with at most 5 %.
 */
import { itemAt } from '#domain/item-at.ts';
import {
  type Alternative,
  type Bound,
  isOnSide,
  logFactor,
  placeBet,
} from '#domain/statistics/bet.ts';
import { logMeanExp } from '#domain/statistics/logarithms.ts';
import type { RateWindow } from '#domain/statistics/rollback-evidence.ts';

/** How far between stable and the line the candidate is hoped to be. */
export const GATE_FRACTIONS = [0, 0.3] as const;
export const LOG_GATE_PASSES = Math.log(20);

/** Giving up winnings keeps a fair game fair, and old good evidence cannot outweigh a late change. */
const LOG_GATE_MOST = Math.log(1_000);

/** One logarithm a fraction. */
export type LogGates = readonly number[];

export const closedGates = (): LogGates => GATE_FRACTIONS.map(() => 0);

export const logGate = (gates: LogGates): number => logMeanExp(gates);

export function multiplyGates(
  gates: LogGates,
  temper: number,
  logFactorOf: (fraction: number) => number,
): LogGates {
  return gates.map((gate, index) =>
    Math.min(LOG_GATE_MOST, gate + temper * logFactorOf(itemAt(GATE_FRACTIONS, index))),
  );
}

export function weighGate(gates: LogGates, { bound, arms, stableRate, temper }: RateWindow) {
  const sizes = { candidate: arms.candidate.observations, stable: arms.stable.observations };
  return multiplyGates(gates, temper, (fraction) => {
    const bet = placeBet(bound, hopedRates(bound, stableRate, fraction), sizes);
    return isOnSide(bet, 'below') ? logFactor(bet, arms) : 0;
  });
}

/** What a gate bet hopes for: like stable, or a little of the way towards the line. */
export function hopedRates(bound: Bound, stableRate: number, fraction: number): Alternative {
  return { candidateRate: Math.max(1e-7, hopedMean(bound, stableRate, fraction)), stableRate };
}

export function hopedMean({ rho, delta }: Bound, stable: number, fraction: number): number {
  if (rho > 0) return rho * stable + fraction * delta;
  return Math.min(delta, stable + fraction * (delta - stable));
}
