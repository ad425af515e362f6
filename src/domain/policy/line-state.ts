/** What the policy remembers about one line, and how a closed window changes it. */
import type { Counts } from '#domain/evidence.ts';
import { addCounts, NOTHING_COUNTED } from '#domain/policy/counting.ts';
import type { Line } from '#domain/policy/line.ts';
import {
  binsOf,
  type Side,
  sizeOf,
  sumOf,
  tallyOf,
  type View,
  viewOf,
} from '#domain/policy/sampling.ts';
import { assert } from '#domain/result.ts';
import type { Arms, Tally } from '#domain/statistics/bet.ts';
import { dispersionOfRates, dispersionOfValues } from '#domain/statistics/dispersion.ts';
import {
  type Forecast,
  learnRate,
  learnSpread,
  unknownRate,
  unknownSpread,
} from '#domain/statistics/forecast.ts';
import { closedGates, type LogGates } from '#domain/statistics/gate.ts';
import { clamp, logMeanExp } from '#domain/statistics/logarithms.ts';
import {
  type LogStarts,
  logEvidence,
  noStarts,
  RATE_RATIOS,
  VALUE_RATIOS,
} from '#domain/statistics/rollback-evidence.ts';

export type LineState = {
  readonly key: string;
  readonly view: View | null;
  /** Below 1 when stable's bad ones come in clusters; fixed when the release starts. */
  readonly temper: number;
  /** Tolerable rise of the service's bad rate, from stable before this step. */
  readonly riskBudget: number;
  /** Rollback evidence and forecast of stable, one of each for every bound looked at. */
  readonly starts: readonly LogStarts[];
  readonly forecasts: readonly Forecast[];
  readonly gates: LogGates;
  readonly gateForecast: Forecast;
  /** As of the entry into this step, to say afterwards what the step as a whole rules out. */
  readonly stepForecast: Forecast;
  readonly total: Arms;
  readonly inStep: Arms;
  readonly windowsInStep: number;
  readonly rise: Rise;
};

/** What was counted since the evidence last began to grow, to be told when it has grown too far. */
export type Rise = { readonly arms: Arms; readonly overMs: number; readonly log: number };

const NONE: Tally = { observations: 0, bad: 0 };
export const NO_ARMS: Arms = { candidate: NONE, stable: NONE };
export const FLAT: Rise = { arms: NO_ARMS, overMs: 0, log: 0 };

const isMean = ({ measure }: Line) => measure.kind === 'mean';
export const ratiosOf = (line: Line) => (isMean(line) ? VALUE_RATIOS : RATE_RATIOS);

/** Half of stable's bad rate, but neither a trifle nor more than 1 %. */
const ownRiskBudget = (forecast: Forecast) =>
  clamp(forecast.bad / forecast.observations / 2, 0.0005, 0.01);

export const lineLogEvidence = ({ starts }: LineState) => logMeanExp(starts.map(logEvidence));

export function openLine(line: Line, history: readonly Counts[], before?: LineState): LineState {
  const past = history.reduce(addCounts, NOTHING_COUNTED);
  const view = before?.view ?? viewOf(line, past) ?? null;
  const blank = blankLine(line, view, before);
  if (!view) return blank;
  if (history.length === 0 && before) return restartLine({ ...before, rise: FLAT });
  const tempered = { ...blank, temper: temperOf(line, view, history) ?? before?.temper ?? 1 };
  return restartLine(history.reduce((state, stable) => learn(line, state, stable), tempered));
}

function blankLine(line: Line, view: View | null, before: LineState | undefined): LineState {
  const unknown = isMean(line) ? unknownSpread : unknownRate;
  const bounds = view?.bounds ?? [0];
  return {
    key: line.key,
    view,
    temper: 1,
    riskBudget: 0.005,
    starts: before?.starts ?? bounds.map(() => noStarts(ratiosOf(line))),
    forecasts: bounds.map(() => unknown),
    gates: closedGates(),
    gateForecast: unknown,
    stepForecast: unknown,
    total: before?.total ?? NO_ARMS,
    inStep: NO_ARMS,
    windowsInStep: 0,
    rise: FLAT,
  };
}

/** Without a history a line learns how to look at stable's histogram from the first one it sees. */
export function withView(line: Line, state: LineState, past: Counts): LineState {
  if (state.view) return state;
  const view = viewOf(line, past);
  if (!view) return state;
  // There was one of each, as for a single bound.
  return {
    ...state,
    view,
    starts: view.bounds.flatMap(() => state.starts),
    forecasts: view.bounds.flatMap(() => state.forecasts),
  };
}

export const restartLine = (state: LineState): LineState => ({
  ...state,
  riskBudget: ownRiskBudget(state.gateForecast),
  gates: closedGates(),
  stepForecast: state.gateForecast,
  inStep: NO_ARMS,
  windowsInStep: 0,
});

/** Stable's window goes into the forecast only after it was judged. */
export function learn(line: Line, state: LineState, stable: Counts): LineState {
  const { view } = state;
  if (!view) return state;
  const learnOne = (forecast: Forecast, bound: number, side: Side) => {
    const bins = binsOf(line, stable, view.cap, side);
    if (bins) return sizeOf(bins) > 0 ? learnSpread(forecast, bins) : forecast;
    const tally = tallyOf(line, stable, bound, side);
    return tally && tally.observations > 0 ? learnRate(forecast, tally) : forecast;
  };
  return {
    ...state,
    forecasts: view.bounds.map((bound, index) => {
      const forecast = state.forecasts[index];
      assert(forecast, 'every bound has its forecast');
      return learnOne(forecast, bound, 'worst');
    }),
    gateForecast: learnOne(state.gateForecast, view.gateBound, 'best'),
  };
}

function temperOf(line: Line, view: View, history: readonly Counts[]): number | undefined {
  if (history.length < 3) return undefined;
  if (!isMean(line)) {
    const [bound] = view.bounds;
    assert(bound !== undefined, 'a view looks at one bound at least');
    const tallies = history.map((counts) => tallyOf(line, counts, bound, 'worst'));
    return dispersionOfRates(tallies.map((tally) => tally ?? NONE)).temper;
  }
  const moments = history.map((counts) => {
    const bins = binsOf(line, counts, view.cap, 'worst') ?? { values: [], counts: [] };
    const observations = sizeOf(bins);
    const mean = sumOf(bins) / Math.max(1, observations);
    const squares = sumOf({
      values: bins.values.map((value) => value * value),
      counts: bins.counts,
    });
    return { observations, mean, variance: squares / Math.max(1, observations) - mean * mean };
  });
  return dispersionOfValues(moments).temper;
}
