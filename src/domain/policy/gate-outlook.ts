/** How many observations a line's gate will take, and how long that is at the present traffic. */
import type { EvidenceState } from '#domain/policy/evidence-state.ts';
import type { Line } from '#domain/policy/line.ts';
import type { Standing } from '#domain/policy/line-by-line.ts';
import type { LineState } from '#domain/policy/line-state.ts';
import { nextShare, type Place } from '#domain/policy/place.ts';
import type { Policy } from '#domain/policy/policy.ts';
import { gateBound } from '#domain/policy/weigh-line.ts';
import { assert } from '#domain/result.ts';
import { forecastRate, forecastSpread } from '#domain/statistics/forecast.ts';
import { LOG_GATE_PASSES, logGate } from '#domain/statistics/gate.ts';
import {
  type GateLength,
  gateLengthOfMeans,
  gateLengthOfRates,
} from '#domain/statistics/gate-length.ts';

export type Outlook = { readonly typical: number; readonly remainingMs?: number };

export function remainingOf(
  policy: Policy,
  state: EvidenceState,
  place: Place,
  { line, seen }: Standing,
): Outlook {
  const next = nextShare(place);
  assert(next !== undefined, 'a gate asks about the share that comes next');
  const { typical } = gateLength(line, seen, {
    share: place.weightPercent / 100,
    nextShare: next,
    riskBudget: policy.riskBudget,
  });
  const { observations } = seen.inStep.candidate;
  if (!Number.isFinite(typical) || observations === 0) return { typical };
  // Evidence that is behind its schedule has further to go than the schedule says.
  const left = typical * Math.max(0, 1 - logGate(seen.gates) / LOG_GATE_PASSES);
  return { typical, remainingMs: (left * state.inStepMs) / observations };
}

export function gateLength(
  line: Line,
  seen: LineState,
  exposure: { share: number; nextShare: number; riskBudget?: number | undefined },
): GateLength {
  const { share, nextShare, riskBudget } = exposure;
  const bound = gateBound(line, seen, nextShare, riskBudget);
  return line.measure.kind === 'mean'
    ? gateLengthOfMeans(bound, forecastSpread(seen.gateForecast), share, seen.temper)
    : gateLengthOfRates(bound, forecastRate(seen.gateForecast), share, seen.temper);
}
