/** After a rollback: is stable well at this moment, and is nobody left on the candidate? */
import type { Counts, Reading } from '#domain/evidence.ts';
import { countedBetween } from '#domain/policy/counting.ts';
import { alignEvidence, type EvidenceState } from '#domain/policy/evidence-state.ts';
import type { Line } from '#domain/policy/line.ts';
import type { Policy } from '#domain/policy/policy.ts';
import { binsOf, sizeOf, sumOf, tallyOf, type View, viewOf } from '#domain/policy/sampling.ts';
import { boundOf } from '#domain/policy/weigh-line.ts';
import { percent, whole } from '#domain/policy/wording.ts';
import type { Tally } from '#domain/statistics/bet.ts';
import type { Instant } from '#domain/time.ts';

/** What is said about stable rests on about this many of its latest observations. */
const REMEMBERED_OBSERVATIONS = 200;
const OBSERVATIONS_MIN = 20;
const BAD_MIN = 3;

export type Recovery = {
  readonly state: EvidenceState;
  readonly recovered: boolean;
  readonly words: string;
};

/** For how long this has to stay so is the release's affair. */
export function judgeRecovery(
  policy: Policy,
  before: EvidenceState,
  { at, reading }: { readonly at: Instant; readonly reading: Reading },
): Recovery {
  const state = takeRecoveryReading(policy, alignEvidence(policy, before), at, reading);
  const trouble = whyNotRecovered(policy, state);
  if (trouble) return { state, recovered: false, words: `Not recovered: ${trouble}.` };
  const requests = whole(state.recovery[STABLE]?.observations ?? 0);
  const words = `No requests reach the candidate, and stable is within its limits over its last ${requests} requests.`;
  return { state, recovered: true, words };
}

function takeRecoveryReading(
  policy: Policy,
  before: EvidenceState,
  at: Instant,
  reading: Reading,
): EvidenceState {
  const now = reading.says === 'unknown' ? at : reading.at;
  if (before.readAt !== null && now <= before.readAt) return before;
  if (reading.says === 'unknown') {
    const { reason, detail } = reading;
    return { ...before, readAt: at, unknown: { reason, detail } };
  }
  const { candidate, stable } = reading;
  const state: EvidenceState = {
    ...before,
    readAt: reading.at,
    unknown: null,
    open: null,
    baseline: { at: reading.at, weightPercent: 0, candidate, stable },
  };
  // What was counted before the rollback says nothing about the recovery.
  if (before.baseline?.weightPercent !== 0) return { ...state, recovery: {} };
  const counted = {
    candidate: countedBetween(before.baseline.candidate, candidate),
    stable: countedBetween(before.baseline.stable, stable),
  };
  return { ...state, recovery: recoveryAfter(policy, state, counted) };
}

function whyNotRecovered(policy: Policy, state: EvidenceState): string | undefined {
  const { unknown, recovery } = state;
  if (unknown) return `the metrics cannot be read (${unknown.reason}), and no data is not recovery`;
  const onCandidate = recovery[CANDIDATE]?.observations ?? 0;
  if (onCandidate > 0)
    return `the candidate still served ${whole(onCandidate)} requests since the last reading`;
  const requests = recovery[STABLE]?.observations ?? 0;
  if (requests < OBSERVATIONS_MIN)
    return `stable has counted ${whole(requests)} requests since, ${OBSERVATIONS_MIN} are needed, and no data is not recovery`;
  const broken = policy.lines.flatMap((line, index) => breach(line, state, index));
  return broken.length > 0 ? broken.join('; ') : undefined;
}

const STABLE = 'stable';
const CANDIDATE = 'candidate';

function recoveryAfter(
  policy: Policy,
  state: EvidenceState,
  { candidate, stable }: { candidate: Counts; stable: Counts },
) {
  const recovery = { ...state.recovery };
  const add = (key: string, tally: Tally) => {
    recovery[key] = remember(recovery[key], tally);
  };
  recovery[CANDIDATE] = { observations: candidate.requests, bad: 0 };
  add(STABLE, { observations: stable.requests, bad: 0 });
  policy.lines.forEach((line, index) => {
    const tally = line.against === 'limit' && stableTally(line, viewIn(line, state, index), stable);
    if (tally) add(line.key, tally);
  });
  return recovery;
}

function stableTally(line: Line, view: View, stable: Counts): Tally | undefined {
  const bins = binsOf(line, stable, view.cap, 'middle');
  if (bins) return { observations: sizeOf(bins), bad: sumOf(bins) };
  return tallyOf(line, stable, view.gateBound, 'best');
}

const PLAIN: View = { bounds: [], gateBound: 0, cap: 1 };
const viewIn = (line: Line, { lines }: EvidenceState, index: number): View =>
  lines[index]?.view ?? viewOf(line, undefined) ?? PLAIN;

/** Forgets by observations rather than by time, so that it fits thin and thick traffic alike. */
function remember(before: Tally = { observations: 0, bad: 0 }, seen: Tally): Tally {
  const kept = Math.min(1, REMEMBERED_OBSERVATIONS / Math.max(1, before.observations));
  return {
    observations: before.observations * kept + seen.observations,
    bad: before.bad * kept + seen.bad,
  };
}

function breach(line: Line, state: EvidenceState, index: number): string[] {
  const seen = state.recovery[line.key];
  if (!seen || seen.observations === 0) return [];
  const { delta } = boundOf(line, viewIn(line, state, index));
  const rate = seen.bad / seen.observations;
  const isMean = line.measure.kind === 'mean';
  if (rate <= delta || (!isMean && seen.bad < BAD_MIN)) return [];
  return [
    `${line.guard} of stable breaks its limit: ${percent(rate)} of ${isMean ? 'the cap over ' : ''}${whole(seen.observations)}, at most ${percent(delta)}`,
  ];
}
