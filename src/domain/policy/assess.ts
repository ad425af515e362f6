/** Which finding decides. They are asked in the order in which they matter; the first one says it. */
import type { EvidenceState } from '#domain/policy/evidence-state.ts';
import { isAsked, leadingLine } from '#domain/policy/figures.ts';
import { type BrokenGauge, brokenGauge, unreadableGauges } from '#domain/policy/gauges.ts';
import { lineByLine } from '#domain/policy/line-by-line.ts';
import { hasStableArm, type Place } from '#domain/policy/place.ts';
import type { Policy } from '#domain/policy/policy.ts';
import { type MissingArm, missingArm } from '#domain/policy/silence.ts';
import { LOG_GATE_PASSES, logGate } from '#domain/statistics/gate.ts';
import { LOG_SHARE_IS_WRONG, logShare } from '#domain/statistics/share-check.ts';
import type { Figures } from '#domain/verdict.ts';

export const LOG_STOP = Math.log(100);
export const LOG_SUSPICION = Math.log(10);
/** Fewer would be hard to explain to anyone, and waiting for them can only delay a stop. */
const BAD_MIN = 3;
const WINDOWS_MIN = 3;
const FAILED_REQUESTS_MIN = 20;
const FAILED_WINDOWS_MIN = 2;
const STALE_POLLS = 3;

export type Stop =
  | {
      readonly reason: 'rollback_required';
      readonly because: 'critical_event';
      readonly critical: NonNullable<EvidenceState['critical']>;
    }
  | { readonly reason: 'rollback_required'; readonly because: 'all_failed' }
  | { readonly reason: 'rollback_required'; readonly because: 'gauge'; readonly gauge: BrokenGauge }
  | { readonly reason: 'sla_breach' | 'error_spike'; readonly because: 'evidence' };

export type Hold =
  | {
      readonly reason: 'no_data';
      readonly because: 'unreadable';
      readonly unknown: NonNullable<EvidenceState['unknown']>;
    }
  | { readonly reason: 'no_data'; readonly because: 'stale' }
  | { readonly reason: 'no_data'; readonly because: 'uncounted'; readonly what: string }
  | { readonly reason: 'no_data'; readonly because: 'silent'; readonly arm: MissingArm }
  | { readonly reason: 'sample_ratio'; readonly because: 'split' }
  | { readonly reason: 'suspicion'; readonly because: 'evidence' | 'both_failed' }
  | { readonly reason: 'not_enough_evidence'; readonly because: 'dwell' }
  | {
      readonly reason: 'not_enough_evidence';
      readonly because: 'few_windows';
      readonly windowsMin: number;
    }
  | { readonly reason: 'not_enough_evidence'; readonly because: 'gate'; readonly lines: number[] };

export type Finding =
  | ({ readonly says: 'stop' } & Stop)
  | ({ readonly says: 'hold' } & Hold)
  | { readonly says: 'allow'; readonly reason: 'within_limits' };

export type Assessment = Place & {
  readonly dwellOver: boolean;
  readonly figures: Figures;
  readonly readingAgoMs: number;
};

export function assess(policy: Policy, state: EvidenceState, at: Assessment): Finding {
  const stop = whyStop(policy, state, at);
  if (stop) return { says: 'stop', ...stop };
  const hold =
    at.weightPercent === 0
      ? dwellLeft(at)
      : (noData(policy, state, at) ?? whyHold(policy, state, at));
  return hold ? { says: 'hold', ...hold } : { says: 'allow', reason: 'within_limits' };
}

function whyStop(policy: Policy, state: EvidenceState, at: Assessment): Stop | undefined {
  const reason = 'rollback_required';
  const { critical } = state;
  if (critical) return { reason, because: 'critical_event', critical };
  const gauge = brokenGauge(policy, state);
  if (gauge) return { reason, because: 'gauge', gauge };
  if (failure(state, at) === 'candidate') return { reason, because: 'all_failed' };
  return whyEvidenceStops(at.figures);
}

function whyEvidenceStops(figures: Figures): Stop | undefined {
  const leading = leadingLine(figures);
  if (!leading || figures.logEvidence < LOG_STOP) return undefined;
  const { cap, candidate, against } = leading;
  const bad = cap === undefined ? candidate.bad : candidate.observations;
  if (bad < BAD_MIN) return undefined;
  return { reason: against === 'limit' ? 'sla_breach' : 'error_spike', because: 'evidence' };
}

/** Complete failure needs no counting; but when both arms fail, it is hardly the candidate's fault. */
function failure({ failing }: EvidenceState, place: Place): 'candidate' | 'both' | undefined {
  const { requests, windows, stable } = failing;
  if (requests < FAILED_REQUESTS_MIN || windows < FAILED_WINDOWS_MIN) return undefined;
  if (!hasStableArm(place)) return 'candidate';
  if (stable.requests > 0 && stable.errors >= stable.requests) return 'both';
  return stable.errors < stable.requests / 2 ? 'candidate' : undefined;
}

function noData(policy: Policy, state: EvidenceState, at: Assessment): Hold | undefined {
  const reason = 'no_data';
  const { unknown } = state;
  if (unknown) return { reason, because: 'unreadable', unknown };
  if (at.readingAgoMs > STALE_POLLS * policy.pollMs) return { reason, because: 'stale' };
  const what = [...state.uncounted, ...unreadableGauges(policy, state)].join('; ');
  if (what) return { reason, because: 'uncounted', what };
  const arm = missingArm(state);
  if (!arm || (arm === 'stable' && !hasStableArm(at))) return undefined;
  return { reason, because: 'silent', arm };
}

function whyHold(policy: Policy, state: EvidenceState, at: Assessment): Hold | undefined {
  if (logShare(state.shares) >= LOG_SHARE_IS_WRONG)
    return { reason: 'sample_ratio', because: 'split' };
  if (failure(state, at) === 'both') return { reason: 'suspicion', because: 'both_failed' };
  if (at.figures.logEvidence >= LOG_SUSPICION) return { reason: 'suspicion', because: 'evidence' };
  return dwellLeft(at) ?? closedGate(policy, state, at);
}

const dwellLeft = ({ dwellOver }: Assessment): Hold | undefined =>
  dwellOver ? undefined : { reason: 'not_enough_evidence', because: 'dwell' };

function closedGate(policy: Policy, state: EvidenceState, at: Assessment): Hold | undefined {
  const reason = 'not_enough_evidence';
  const windowsMin = at.mode === 'watch' ? 1 : WINDOWS_MIN;
  if (state.windowsInStep < windowsMin) return { reason, because: 'few_windows', windowsMin };
  const lines = [...closedLines(policy, state, at)];
  return lines.length > 0 ? { reason, because: 'gate', lines } : undefined;
}

/** A passing gate has to stand at the moment it is asked. */
function* closedLines(policy: Policy, state: EvidenceState, place: Place): Generator<number> {
  for (const [index, { line, seen }] of lineByLine(policy, state).entries()) {
    if (!isAsked(line, seen, place)) continue;
    if (seen.windowsInStep < WINDOWS_MIN || logGate(seen.gates) < LOG_GATE_PASSES) yield index;
  }
}
