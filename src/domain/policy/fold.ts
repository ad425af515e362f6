/** A poll comes in: what it counted goes into the open window, and a full window is weighed. */
import type { Counts, EvidenceWindow, Reading } from '#domain/evidence.ts';
import { addCounts, areCounts, countedBetween, NOTHING_COUNTED } from '#domain/policy/counting.ts';
import { alignEvidence, type EvidenceState, enterStep } from '#domain/policy/evidence-state.ts';
import { readGauges } from '#domain/policy/gauges.ts';
import { lineByLine } from '#domain/policy/line-by-line.ts';
import { learn, withView } from '#domain/policy/line-state.ts';
import { hasStableArm, type Place } from '#domain/policy/place.ts';
import type { Policy } from '#domain/policy/policy.ts';
import { whyUncounted } from '#domain/policy/sampling.ts';
import { heard } from '#domain/policy/silence.ts';
import { weighWindow } from '#domain/policy/weigh-window.ts';
import { isFull, type OpenWindow, STABLE_OBSERVATIONS_MIN } from '#domain/policy/window.ts';
import { startWeight } from '#domain/statistics/start-weights.ts';
import type { Instant } from '#domain/time.ts';

export type Poll = {
  readonly from: Instant;
  readonly to: Instant;
  readonly candidate: Counts;
  readonly stable: Counts;
};

export type Folded = { readonly state: EvidenceState; readonly closed?: EvidenceWindow };

const SET_BACK = { reason: 'stale', detail: 'it is older than the one before it' } as const;

/** Takes running totals. A reading that was seen before changes nothing. */
export function takeReading(
  policy: Policy,
  before: EvidenceState,
  {
    at,
    reading,
    place,
  }: { readonly at: Instant; readonly reading: Reading; readonly place: Place },
): Folded {
  const state = standingAt(alignEvidence(policy, before), place);
  const { readAt, baseline } = state;
  const readNow = reading.says === 'unknown' ? at : reading.at;
  const isOlder = readAt !== null && readNow < readAt;
  const unknown = whyUnknown(reading) ?? (isOlder ? SET_BACK : null);
  // A clock that was set back makes nothing known: what was allowed before it says nothing of now.
  if (readAt !== null && readNow <= readAt)
    return { state: unknown ? { ...state, unknown } : state };
  // The poll is lost, the traffic is not: the next reading still covers it.
  if (reading.says === 'unknown' || unknown)
    return { state: { ...spendPoll(policy, state), readAt: readNow, unknown } };

  const { candidate, stable } = reading;
  const read: EvidenceState = {
    ...readGauges(policy, state, reading),
    readAt: reading.at,
    baseline: { at: reading.at, weightPercent: place.weightPercent, candidate, stable },
    unknown: null,
  };
  if (!baseline) return { state: withViews(policy, read, stable) };
  return foldPoll(policy, read, place, {
    from: baseline.at,
    to: reading.at,
    candidate: countedBetween(baseline.candidate, candidate),
    stable: countedBetween(baseline.stable, stable),
  });
}

export function whyUnknown(reading: Reading): EvidenceState['unknown'] {
  if (reading.says === 'unknown') return { reason: reading.reason, detail: reading.detail };
  if (areCounts(reading.candidate) && areCounts(reading.stable)) return null;
  return { reason: 'not_a_number', detail: 'a counter is negative or no number' };
}

/** Takes counts that were told apart by poll already; the same poll given twice changes nothing. */
export function takePoll(policy: Policy, before: EvidenceState, place: Place, poll: Poll): Folded {
  const state = standingAt(alignEvidence(policy, before), place);
  if (state.readAt !== null && poll.to <= state.readAt) return { state };
  return foldPoll(policy, { ...state, readAt: poll.to, unknown: null }, place, poll);
}

function foldPoll(policy: Policy, state: EvidenceState, place: Place, poll: Poll): Folded {
  const { weightPercent } = place;
  const open = openAfter(state.open, weightPercent, poll);
  // One event of which none may happen needs no comparison, and testers are people too.
  const noticed = { ...state, critical: state.critical ?? criticalIn(policy, poll.candidate) };
  if (weightPercent === 0) return { state: learnOnly(policy, noticed, open) };
  const isHeard = poll.candidate.requests > 0;
  const spent: EvidenceState = {
    ...heard(spendPoll(policy, noticed), poll, weightPercent),
    uncounted: isHeard ? uncountedIn(policy, poll, place) : state.uncounted,
  };
  const watched = { ...spent, open };
  if (!isFull(open)) return { state: watched };
  const closed: EvidenceWindow = { ...open, to: poll.to };
  return { state: weighWindow(policy, watched, place, closed), closed };
}

function openAfter(open: OpenWindow | null, weightPercent: number, poll: Poll): OpenWindow {
  return {
    from: open?.from ?? poll.from,
    weightPercent,
    candidate: addCounts(open?.candidate ?? NOTHING_COUNTED, poll.candidate),
    stable: addCounts(open?.stable ?? NOTHING_COUNTED, poll.stable),
  };
}

/** A window may not span two steps or weights, whoever forgot to cut it. */
function standingAt(state: EvidenceState, { step, weightPercent }: Place): EvidenceState {
  if (state.step !== null && state.step !== step) return enterStep(state, step);
  const began = state.open?.weightPercent ?? state.baseline?.weightPercent ?? weightPercent;
  return { ...state, step, ...(began !== weightPercent && { open: null, baseline: null }) };
}

/** Every poll spends its fresh start, which waits until the window that it precedes is weighed. */
function spendPoll(policy: Policy, state: EvidenceState): EvidenceState {
  const { polls, spent, pending, stepIsNew } = state.starts;
  const wanted = startWeight(policy.starts, polls, stepIsNew);
  const weight = Math.max(0, Math.min(wanted, 1 - spent));
  return {
    ...state,
    starts: {
      polls: polls + 1,
      spent: spent + weight,
      pending: pending + weight,
      stepIsNew: false,
    },
  };
}

/** While only testers have the candidate there is nothing to compare, but stable can be learnt. */
function learnOnly(policy: Policy, state: EvidenceState, open: OpenWindow): EvidenceState {
  const { stable } = open;
  if (stable.requests < STABLE_OBSERVATIONS_MIN) return { ...state, open };
  const lines = lineByLine(policy, withViews(policy, state, stable)).map(({ line, seen }) =>
    learn(line, seen, stable),
  );
  return { ...state, open: null, lines };
}

function withViews(policy: Policy, state: EvidenceState, past: Counts): EvidenceState {
  const lines = lineByLine(policy, state).map(({ line, seen }) => withView(line, seen, past));
  return { ...state, lines };
}

function uncountedIn(policy: Policy, { candidate, stable }: Poll, place: Place): string[] {
  const hasStable = hasStableArm(place);
  return policy.lines.flatMap((line) => {
    if (line.isOptional || (line.against === 'stable' && !hasStable)) return [];
    // An arm that served nothing has nothing to count; silence is judged elsewhere.
    const needsStable = line.against === 'stable' && stable.requests > 0;
    const why =
      whyUncounted(line, candidate) ?? (needsStable ? whyUncounted(line, stable) : undefined);
    return why === undefined ? [] : [`${line.guard}: ${why}`];
  });
}

function criticalIn(policy: Policy, candidate: Counts): EvidenceState['critical'] {
  for (const { isCritical, measure, guard } of policy.lines) {
    if (!isCritical || measure.kind !== 'share') continue;
    const bad = candidate[measure.bad] ?? 0;
    if (bad > 0) return { guard, bad };
  }
  return null;
}
