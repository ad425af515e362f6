/** One closed window on one line: evidence against the candidate, and evidence for it. */
import type { EvidenceWindow } from '#domain/evidence.ts';
import type { Line } from '#domain/policy/line.ts';
import {
  FLAT,
  type LineState,
  learn,
  lineLogEvidence,
  type Rise,
  ratiosOf,
  withView,
} from '#domain/policy/line-state.ts';
import { binsOf, type Side, sizeOf, sumOf, tallyOf, type View } from '#domain/policy/sampling.ts';
import { assert } from '#domain/result.ts';
import { type Arms, type Bound, isOnSide } from '#domain/statistics/bet.ts';
import { forecastRate, forecastSpread } from '#domain/statistics/forecast.ts';
import { hopedMean, multiplyGates, weighGate } from '#domain/statistics/gate.ts';
import {
  fearedRates,
  multiplyStarts,
  startAfresh,
  weighRates,
} from '#domain/statistics/rollback-evidence.ts';
import { type Bins, logFactorOfValues, placeValueBet } from '#domain/statistics/value-bet.ts';

export type Weighing = {
  readonly window: EvidenceWindow;
  /** Weight of the fresh starts that belong before this window. */
  readonly startWeight: number;
  /** Share of traffic that a passing gate would lead to; undefined when no gate is asked. */
  readonly nextShare?: number | undefined;
  readonly riskBudget?: number | undefined;
  /** Lines against stable rest when there is no stable arm. */
  readonly hasStable: boolean;
};

/** The most the exposure-scaled margin may be: a smaller margin is stricter. */
const LARGEST_MARGIN = 0.25;

export function weighLine(line: Line, before: LineState, weighing: Weighing): LineState {
  const { window, startWeight, hasStable } = weighing;
  const starts = before.starts.map((one) => startAfresh(one, ratiosOf(line), startWeight));
  const started = { ...before, starts };
  // A line that has just learnt how to look may not judge the window it learnt from.
  if (!before.view) return learn(line, withView(line, started, window.stable), window.stable);
  const isResting = line.against === 'stable' && !hasStable;
  const seen = isResting ? undefined : observed(line, before.view, window);
  const isUsable =
    seen &&
    seen.candidate.observations > 0 &&
    (line.bound.rho === 0 || seen.stable.observations > 0);
  if (!isUsable) return hasStable ? learn(line, started, window.stable) : started;

  const weighed = line.measure.kind === 'mean' ? weighMeans : weighShares;
  const after = weighed(line, started, before.view, weighing);
  const counted: LineState = {
    ...after,
    total: addArms(before.total, seen),
    inStep: addArms(before.inStep, seen),
    windowsInStep: before.windowsInStep + 1,
    rise: riseOf(before.rise, lineLogEvidence(after) - lineLogEvidence(started), seen, window),
  };
  return hasStable ? learn(line, counted, window.stable) : counted;
}

/** The line that a gate asks about: what is allowed, plus what the next share of traffic can bear. */
export function gateBound(line: Line, state: LineState, nextShare: number, stated?: number): Bound {
  const margin = Math.min(LARGEST_MARGIN, (stated ?? state.riskBudget) / nextShare);
  const { rho, delta } = boundOf(line, state.view);
  return { rho, delta: Math.min(delta + margin, 0.99) };
}

/** The line itself, in the unit its bets are placed in. */
export function boundOf({ bound, measure, limit, against }: Line, view: View | null): Bound {
  if (measure.kind !== 'mean' || against === 'stable') return bound;
  assert(limit !== undefined && view, 'an average with a limit knows from the start how to look');
  return { rho: 0, delta: limit / view.cap };
}

const WEIGHED_AS_OBSERVED = 'a line weighs only what it has observed';

function weighShares(line: Line, state: LineState, view: View, weighing: Weighing): LineState {
  const { window, nextShare, riskBudget } = weighing;
  const { temper } = state;
  const starts = state.starts.map((one, index) => {
    const [bound, forecast] = [view.bounds[index], state.forecasts[index]];
    assert(bound !== undefined && forecast, 'evidence at every bound is kept beside its forecast');
    const arms = tallies(line, window, bound, 'best', 'worst');
    assert(arms, WEIGHED_AS_OBSERVED);
    return weighRates(one, { bound: line.bound, arms, stableRate: forecastRate(forecast), temper });
  });
  const arms = tallies(line, window, view.gateBound, 'worst', 'best');
  if (nextShare === undefined) return { ...state, starts };
  assert(arms, WEIGHED_AS_OBSERVED);
  const bound = gateBound(line, state, nextShare, riskBudget);
  const stableRate = forecastRate(state.gateForecast);
  return { ...state, starts, gates: weighGate(state.gates, { bound, arms, stableRate, temper }) };
}

function weighMeans(line: Line, state: LineState, view: View, weighing: Weighing): LineState {
  const { window, nextShare, riskBudget } = weighing;
  const { ratios } = ratiosOf(line);
  const rollback = bins(line, window, view, 'best', 'worst');
  const gate = bins(line, window, view, 'worst', 'best');
  const [one, forecast] = [state.starts[0], state.forecasts[0]];
  assert(rollback && gate && one && forecast, WEIGHED_AS_OBSERVED);

  const bound = boundOf(line, view);
  const stable = forecastSpread(forecast);
  const starts = multiplyStarts(one, state.temper, (index) => {
    const ratio = ratios[index];
    assert(ratio !== undefined, 'evidence is kept for every ratio');
    const { candidateRate } = fearedRates(bound, stable.mean, ratio);
    const bet = placeValueBet(bound, candidateRate, stable, rollback.sizes);
    if (!isOnSide(bet, 'above')) return 0;
    return logFactorOfValues(bet, rollback.candidate, rollback.stable);
  });
  if (nextShare === undefined) return { ...state, starts: [starts] };
  const asked = gateBound(line, state, nextShare, riskBudget);
  const hoped = forecastSpread(state.gateForecast);
  const gates = multiplyGates(state.gates, state.temper, (fraction) => {
    const bet = placeValueBet(asked, hopedMean(asked, hoped.mean, fraction), hoped, gate.sizes);
    if (!isOnSide(bet, 'below')) return 0;
    return logFactorOfValues(bet, gate.candidate, gate.stable);
  });
  return { ...state, starts: [starts], gates };
}

function tallies(
  line: Line,
  window: EvidenceWindow,
  bound: number,
  candidateSide: Side,
  stableSide: Side,
): Arms | undefined {
  const candidate = tallyOf(line, window.candidate, bound, candidateSide);
  const stable = tallyOf(line, window.stable, bound, stableSide);
  return candidate && { candidate, stable: stable ?? { observations: 0, bad: 0 } };
}

const NO_BINS: Bins = { values: [], counts: [] };

function bins(
  line: Line,
  window: EvidenceWindow,
  { cap }: View,
  ofCandidate: Side | 'middle',
  ofStable: Side | 'middle',
) {
  const candidate = binsOf(line, window.candidate, cap, ofCandidate);
  const stable = binsOf(line, window.stable, cap, ofStable) ?? NO_BINS;
  if (!candidate) return undefined;
  return { candidate, stable, sizes: { candidate: sizeOf(candidate), stable: sizeOf(stable) } };
}

/** What a line observed, to be told to people: without leaning to either side where it can. */
function observed(line: Line, view: View, window: EvidenceWindow): Arms | undefined {
  if (line.measure.kind === 'mean') {
    const seen = bins(line, window, view, 'middle', 'middle');
    if (!seen) return undefined;
    return {
      candidate: { observations: seen.sizes.candidate, bad: sumOf(seen.candidate) },
      stable: { observations: seen.sizes.stable, bad: sumOf(seen.stable) },
    };
  }
  const bound = view.bounds.at(-1);
  assert(bound !== undefined, 'a view looks at one bound at least');
  return tallies(line, window, bound, 'best', 'worst');
}

export const addArms = (a: Arms, b: Arms): Arms => ({
  candidate: {
    observations: a.candidate.observations + b.candidate.observations,
    bad: a.candidate.bad + b.candidate.bad,
  },
  stable: {
    observations: a.stable.observations + b.stable.observations,
    bad: a.stable.bad + b.stable.bad,
  },
});

/** Follows the evidence from its last low point, and forgets what was counted before it. */
function riseOf(rise: Rise, gain: number, seen: Arms, { from, to }: EvidenceWindow): Rise {
  const log = rise.log + gain;
  if (log <= 0) return FLAT;
  return { arms: addArms(rise.arms, seen), overMs: rise.overMs + (to - from), log };
}
