/** Why a verdict says what it says. The list is closed: scripts and audits rely on it. */
export const VERDICT_REASONS = {
  stop: ['sla_breach', 'error_spike', 'rollback_required'],
  hold: ['no_data', 'sample_ratio', 'suspicion', 'not_enough_evidence'],
  allow: ['within_limits'],
} as const;
export type StopReason = (typeof VERDICT_REASONS.stop)[number];
export type HoldReason = (typeof VERDICT_REASONS.hold)[number];

/** How one line of one guard stands, in the numbers a person needs to recompute the verdict. */
export type LineFigures = {
  readonly guard: string;
  readonly against: 'limit' | 'stable';
  /** Observations and bad ones (or the sum of capped values) since the release started counting. */
  readonly candidate: { readonly observations: number; readonly bad: number };
  readonly stable: { readonly observations: number; readonly bad: number };
  /** What people wrote in the guard: a rate as a fraction, milliseconds, or dollars. */
  readonly limit?: number;
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
  | { readonly says: 'stop'; readonly reason: StopReason }
  | { readonly says: 'hold'; readonly reason: HoldReason }
  | { readonly says: 'allow'; readonly reason: 'within_limits' }
);
