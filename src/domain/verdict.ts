/** Why a verdict says what it says. The list is closed: scripts and audits rely on it. */
export const VERDICT_REASONS = {
  stop: ['sla_breach', 'error_spike', 'rollback_required'],
  hold: ['no_data', 'sample_ratio', 'suspicion', 'not_enough_evidence'],
  allow: ['within_limits'],
} as const;
export type StopReason = (typeof VERDICT_REASONS.stop)[number];
export type HoldReason = (typeof VERDICT_REASONS.hold)[number];

/** Observations, and how many of them were bad. */
export type Tally = { readonly observations: number; readonly bad: number };

/** How one line of one guard stands, in the numbers a person needs to recompute the verdict. */
export type LineFigures = {
  readonly guard: string;
  readonly against: 'limit' | 'stable';
  /** Observations and bad ones (or the sum of capped values) since the release started counting. */
  readonly candidate: Tally;
  readonly stable: Tally;
  /** The same since the evidence against the candidate last began to grow; absent while it does not. */
  readonly rise?: { readonly candidate: Tally; readonly stable: Tally; readonly overMs: number };
  /** The same since this step was entered. */
  readonly inStep: { readonly candidate: Tally; readonly stable: Tally };
  /** What people wrote in the guard: a rate as a fraction, milliseconds, or dollars. */
  readonly limit?: number;
  /** For latencies that are counted as slower than this, in ms. */
  readonly slowerThan?: number;
  /** For averages: values above it count as the cap itself. */
  readonly cap?: number;
  /** Below 1 when bad ones come in clusters and count for less; absent while they do not. */
  readonly temper?: number;
  /** The evidence against the candidate on this line, as its logarithm. */
  readonly logEvidence: number;
  /** The gate of this step, as its logarithm; absent while the line is at rest. */
  readonly logGate?: number;
};

export type Figures = {
  /** Combined evidence of all lines, as its logarithm. 100 to 1 stops, 10 to 1 is a suspicion. */
  readonly logEvidence: number;
  readonly lines: readonly LineFigures[];
  /** The line that leads, as an index into `lines`; absent before the first window. */
  readonly leading?: number;
  /** Windows seen since the start, and in this step. */
  readonly windows: number;
  readonly windowsInStep: number;
  readonly overMs: number;
};

/** What the policy says about the evidence, why, and in words with its numbers. */
export type Verdict = {
  readonly words: string;
  readonly figures: Figures;
} & (
  | { readonly says: 'stop'; readonly reason: StopReason; readonly because?: never }
  | {
      readonly says: 'hold';
      readonly reason: HoldReason;
      /** A suspicion without evidence: all requests of both arms fail, so it is an incident. */
      readonly because?: 'both_failed';
    }
  | { readonly says: 'allow'; readonly reason: 'within_limits'; readonly because?: never }
);
