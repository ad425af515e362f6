/** What people must know before they judge a step whose evidence is too thin for `allow`. */
import { alignEvidence, type EvidenceState } from '#domain/policy/evidence-state.ts';
import { lineByLine } from '#domain/policy/line-by-line.ts';
import type { LineState } from '#domain/policy/line-state.ts';
import type { Policy } from '#domain/policy/policy.ts';
import { boundOf } from '#domain/policy/weigh-line.ts';
import { type Arms, type Bound, isOnSide, logFactor, placeBet } from '#domain/statistics/bet.ts';
import { forecastRate } from '#domain/statistics/forecast.ts';
import { GATE_FRACTIONS, hopedRates, LOG_GATE_PASSES } from '#domain/statistics/gate.ts';
import { logMeanExp } from '#domain/statistics/logarithms.ts';

export type LineRisk = {
  readonly guard: string;
  readonly against: 'limit' | 'stable';
  /** What was counted in this step. */
  readonly candidate: Arms['candidate'];
  readonly stable: Arms['stable'];
  /**
   * The largest excess over stable, or over the limit, that this step does not rule out at 95 %, as
   * a fraction of observations; absent for averages.
   */
  readonly largestExcess?: number;
};

export type JudgingRisk = {
  readonly lines: readonly LineRisk[];
  /** The largest over all lines: how much worse the candidate may be for all that is known. */
  readonly largestExcess: number;
};

const SMALLEST_DELTA = 1e-4;
const STEP_OF_DELTA = 1.05;

export function riskOfJudging(policy: Policy, state: EvidenceState): JudgingRisk {
  const standings = lineByLine(policy, alignEvidence(policy, state));
  const lines = standings.map(({ line, seen }): LineRisk => {
    const { guard, against } = line;
    const shown = { guard, against, ...seen.inStep };
    if (line.measure.kind === 'mean') return shown;
    const { rho, delta } = boundOf(line, seen.view);
    const excess = largestDelta(rho, seen) - (against === 'limit' ? delta : 0);
    return { ...shown, largestExcess: Math.max(0, excess) };
  });
  return { lines, largestExcess: Math.max(0, ...lines.map((line) => line.largestExcess ?? 0)) };
}

/**
 * The smallest margin whose gate the step as a whole would pass. Its line stays fair for every
 * candidate above it, so one pass rules out all larger excesses too.
 */
function largestDelta(rho: number, seen: LineState): number {
  for (let delta = SMALLEST_DELTA; delta < 1; delta *= STEP_OF_DELTA)
    if (logWhole({ rho, delta }, seen) >= LOG_GATE_PASSES) return delta;
  return 1;
}

/** The whole step as one window, with bets from what was known when it was entered. */
function logWhole(bound: Bound, { inStep, stepForecast, temper }: LineState): number {
  const sizes = { candidate: inStep.candidate.observations, stable: inStep.stable.observations };
  if (sizes.candidate === 0 || (bound.rho > 0 && sizes.stable === 0)) return 0;
  const stableRate = forecastRate(stepForecast);
  return logMeanExp(
    GATE_FRACTIONS.map((fraction) => {
      const bet = placeBet(bound, hopedRates(bound, stableRate, fraction), sizes);
      return isOnSide(bet, 'below') ? temper * logFactor(bet, inStep) : 0;
    }),
  );
}
