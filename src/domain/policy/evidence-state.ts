/**
 * Everything the policy remembers about a release, as plain JSON: it is committed together with the
 * verdict it led to, so a restart between two polls changes nothing.
 */
import type { Counts, UnknownReason } from '#domain/evidence.ts';
import type { GuardName } from '#domain/guard.ts';
import { addCounts, NOTHING_COUNTED } from '#domain/policy/counting.ts';
import { type LineState, openLine, restartLine } from '#domain/policy/line-state.ts';
import type { Policy } from '#domain/policy/policy.ts';
import { type OpenWindow, STABLE_OBSERVATIONS_MIN } from '#domain/policy/window.ts';
import { expectedShares, type LogShares } from '#domain/statistics/share-check.ts';
import type { Instant } from '#domain/time.ts';
import type { StopReason } from '#domain/verdict.ts';

export type EvidenceState = {
  readonly method: 1;
  /** The step the evidence is gathered in; null before the first. */
  readonly step: number | null;
  /** When the last reading was taken, so that the same one given twice changes nothing. */
  readonly readAt: Instant | null;
  /** Running totals of both arms; null after a cut, when the next reading only begins a window. */
  readonly baseline: Baseline | null;
  readonly open: OpenWindow | null;
  readonly lines: readonly LineState[];
  readonly shares: LogShares;
  /** What the check of the split has seen in this step; absent before the first window. */
  readonly drawn?: Drawn;
  /** Fresh starts: polls so far, weight spent, and weight that waits for the next window to close. */
  readonly starts: {
    readonly polls: number;
    readonly spent: number;
    readonly pending: number;
    readonly stepIsNew: boolean;
  };
  readonly windows: number;
  readonly windowsInStep: number;
  readonly overMs: number;
  readonly inStepMs: number;
  /** Why the last poll said nothing; null when it did. */
  readonly unknown: { readonly reason: UnknownReason; readonly detail: string } | null;
  /** What guards need and the source does not count, in words. */
  readonly uncounted: readonly string[];
  /** Requests of both arms and the polls they took: what silence is measured against. */
  readonly traffic: { readonly requests: number; readonly polls: number };
  /** Requests one would have expected from an arm since it was last heard. */
  readonly silence: { readonly candidate: number; readonly stable: number };
  /** Candidate requests since the last one that succeeded. */
  readonly failing: {
    readonly requests: number;
    readonly windows: number;
    readonly stable: { readonly requests: number; readonly errors: number };
  };
  /** A bad observation on a guard of which one is enough. */
  readonly critical: { readonly guard: GuardName; readonly bad: number } | null;
  /** Own gauges: since when each is above its limit, and what it last said. */
  readonly gauges: Readonly<Record<string, GaugeState>>;
  /** Stable since a rollback, the older requests forgotten. */
  readonly recovery: Readonly<
    Record<string, { readonly observations: number; readonly bad: number }>
  >;
  readonly stopped: { readonly reason: StopReason; readonly words: string } | null;
};

/** Lots drawn for each arm. With sticky routing that is users, where they are known. */
export type Drawn = {
  readonly of: 'users' | 'requests';
  readonly candidate: number;
  readonly stable: number;
};

export type Baseline = {
  readonly at: Instant;
  readonly weightPercent: number;
  readonly candidate: Counts;
  readonly stable: Counts;
};

export type GaugeState = {
  readonly value: number | null;
  readonly unknown: UnknownReason | null;
  readonly brokenSince: Instant | null;
};

/**
 * Evidence at the start of a release. `history` are stable's past windows, oldest first. `earlier`
 * is the evidence of the same candidate when it was paused or aborted before: trying again goes on
 * from there, or every attempt would get a new chance of 1 %. A version that was unlocked after a
 * stop starts without it.
 */
export function openEvidence(
  policy: Policy,
  history: readonly Counts[],
  earlier?: EvidenceState,
): EvidenceState {
  const windows = filledWindows(history);
  const lines = policy.lines.map((line) => {
    const before = earlier?.lines.find(({ key }) => key === line.key);
    return openLine(line, windows, before);
  });
  const requests = windows.reduce((sum, window) => sum + window.requests, 0);
  const fresh = emptyEvidence(lines, requests, history.length);
  if (!earlier) return fresh;
  const { starts, windows: seen, overMs, stopped } = earlier;
  return { ...fresh, starts: { ...starts, pending: 0 }, windows: seen, overMs, stopped };
}

/**
 * A change of step: the window is cut, the next reading begins a new one, and nothing between is
 * used. Gates and the check of the split begin again, since a candidate must not live on old merits.
 */
export function enterStep(state: EvidenceState, step: number): EvidenceState {
  const { drawn: _, ...kept } = state;
  return {
    ...kept,
    step,
    baseline: null,
    open: null,
    lines: state.lines.map(restartLine),
    shares: expectedShares(),
    starts: {
      ...state.starts,
      stepIsNew: state.starts.stepIsNew || (state.step !== null && state.step !== step),
    },
    windowsInStep: 0,
    inStepMs: 0,
    silence: { candidate: 0, stable: 0 },
  };
}

/**
 * Traffic goes elsewhere: totals of other arms may not be subtracted from these, and what was
 * counted before says nothing about the recovery.
 */
export const cutForRecovery = (state: EvidenceState): EvidenceState => ({
  ...state,
  baseline: null,
  open: null,
  recovery: {},
});

/**
 * Evidence is stored, guards are derived: after an upgrade that words a guard differently its line
 * begins anew, and the others go on.
 */
export function alignEvidence(policy: Policy, state: EvidenceState): EvidenceState {
  const isAligned =
    policy.lines.length === state.lines.length &&
    policy.lines.every(({ key }, index) => state.lines[index]?.key === key);
  if (isAligned) return state;
  const lines = policy.lines.map(
    (line) => state.lines.find(({ key }) => key === line.key) ?? openLine(line, []),
  );
  return { ...state, lines };
}

function emptyEvidence(
  lines: readonly LineState[],
  requests: number,
  polls: number,
): EvidenceState {
  return {
    method: 1,
    step: null,
    readAt: null,
    baseline: null,
    open: null,
    lines,
    shares: expectedShares(),
    starts: { polls: 0, spent: 0, pending: 0, stepIsNew: false },
    windows: 0,
    windowsInStep: 0,
    overMs: 0,
    inStepMs: 0,
    unknown: null,
    uncounted: [],
    traffic: { requests, polls },
    silence: { candidate: 0, stable: 0 },
    failing: { requests: 0, windows: 0, stable: { requests: 0, errors: 0 } },
    critical: null,
    gauges: {},
    recovery: {},
    stopped: null,
  };
}

/** Past windows follow traffic as live ones do, or thin ones would say nothing about clusters. */
function filledWindows(history: readonly Counts[]): Counts[] {
  const filled: Counts[] = [];
  let open = NOTHING_COUNTED;
  for (const counts of history) {
    open = addCounts(open, counts);
    if (open.requests < STABLE_OBSERVATIONS_MIN) continue;
    filled.push(open);
    open = NOTHING_COUNTED;
  }
  return filled;
}
