/** After a rollback: is stable well at this moment, and is nobody left on the candidate? */
import type { Counts, Reading } from '#domain/evidence.ts';
import { countedBetween } from '#domain/policy/counting.ts';
import { alignEvidence, type EvidenceState } from '#domain/policy/evidence-state.ts';
import { whyUnknown } from '#domain/policy/fold.ts';
import type { Line } from '#domain/policy/line.ts';
import { lineByLine, type Standing } from '#domain/policy/line-by-line.ts';
import type { LineState } from '#domain/policy/line-state.ts';
import type { Policy } from '#domain/policy/policy.ts';
import { binsOf, sizeOf, sumOf, tallyOf } from '#domain/policy/sampling.ts';
import { boundOf } from '#domain/policy/weigh-line.ts';
import { percent, whole } from '#domain/policy/wording.ts';
import { assert } from '#domain/result.ts';
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
  const requests = whole(countedOf(state, STABLE));
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
  const unknown = whyUnknown(reading);
  if (reading.says === 'unknown' || unknown) return { ...before, readAt: now, unknown };
  const { candidate, stable } = reading;
  const state: EvidenceState = {
    ...before,
    readAt: reading.at,
    unknown,
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

/** Empty when nothing stands in the way. */
function whyNotRecovered(policy: Policy, state: EvidenceState): string {
  const { unknown } = state;
  if (unknown) return `the metrics cannot be read (${unknown.reason}), and no data is not recovery`;
  const onCandidate = countedOf(state, CANDIDATE);
  if (onCandidate > 0)
    return `the candidate still served ${whole(onCandidate)} requests since the last reading`;
  const requests = countedOf(state, STABLE);
  if (requests < OBSERVATIONS_MIN)
    return `stable has counted ${whole(requests)} requests since, ${OBSERVATIONS_MIN} are needed, and no data is not recovery`;
  return limitLines(policy, state)
    .flatMap((standing) => breach(standing, state))
    .join('; ');
}

const countedOf = ({ recovery }: EvidenceState, arm: string) => recovery[arm]?.observations ?? 0;

/** Only these can be asked of stable alone. */
const limitLines = (policy: Policy, state: EvidenceState) =>
  lineByLine(policy, state).filter(({ line }) => line.against === 'limit');

const NONE: Tally = { observations: 0, bad: 0 };
const STABLE = 'stable';
const CANDIDATE = 'candidate';

function recoveryAfter(
  policy: Policy,
  state: EvidenceState,
  { candidate, stable }: { candidate: Counts; stable: Counts },
) {
  const recovery = { ...state.recovery };
  const add = (key: string, tally: Tally) => {
    recovery[key] = remember(recovery[key] ?? NONE, tally);
  };
  recovery[CANDIDATE] = { observations: candidate.requests, bad: 0 };
  add(STABLE, { observations: stable.requests, bad: 0 });
  for (const { line, seen } of limitLines(policy, state)) {
    const tally = stableTally(line, seen, stable);
    if (tally) add(line.key, tally);
  }
  return recovery;
}

function stableTally(line: Line, { view }: LineState, stable: Counts): Tally | undefined {
  assert(view, 'a line against a limit knows from the start how to look');
  const bins = binsOf(line, stable, view.cap, 'middle');
  if (bins) return { observations: sizeOf(bins), bad: sumOf(bins) };
  return tallyOf(line, stable, view.gateBound, 'best');
}

/** Forgets by observations rather than by time, so that it fits thin and thick traffic alike. */
function remember(before: Tally, seen: Tally): Tally {
  const kept = Math.min(1, REMEMBERED_OBSERVATIONS / before.observations);
  return {
    observations: before.observations * kept + seen.observations,
    bad: before.bad * kept + seen.bad,
  };
}

function breach({ line, seen }: Standing, { recovery }: EvidenceState): string[] {
  const { observations, bad } = recovery[line.key] ?? NONE;
  const { delta } = boundOf(line, seen.view);
  const isMean = line.measure.kind === 'mean';
  if (bad <= delta * observations || (!isMean && bad < BAD_MIN)) return [];
  return [
    `${line.guard} of stable breaks its limit: ${percent(bad / observations)} of ${isMean ? 'the cap over ' : ''}${whole(observations)}, at most ${percent(delta)}`,
  ];
}
