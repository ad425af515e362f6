import type { Instant } from '#domain/time.ts';

/** What an arm counts. Each only grows while the arm runs, as a counter in Prometheus does. */
export const COUNTER_NAMES = [
  'requests',
  'errors',
  'tool_calls',
  'tool_failures',
  'injections',
  'unexpected_tools',
  'goals',
  'goals_missed',
  'feedback',
  'negative_feedback',
] as const;
export type CounterName = (typeof COUNTER_NAMES)[number];

export const HISTOGRAM_NAMES = ['latency_ms', 'cost_usd'] as const;
export type HistogramName = (typeof HISTOGRAM_NAMES)[number];

/**
 * Observations sorted into buckets. `bounds` are the upper bounds, inclusive and rising;
 * `counts` holds one number a bucket, not accumulated, and one more for what lies above the last.
 */
export type Histogram = { readonly bounds: readonly number[]; readonly counts: readonly number[] };

/** Running totals of one arm, or, as the difference of two readings, the counts of one window. */
export type Counts = { readonly [Name in CounterName]?: number } & {
  readonly [Name in HistogramName]?: Histogram;
} & {
  readonly requests: number;
  /** Distinct users in this step, and requests without a key; absent where the source has no keys. */
  readonly keys?: number;
};

/** Why a source cannot say what was counted. None of these ever means healthy. */
export const UNKNOWN_REASONS = [
  'source_down',
  'timeout',
  'not_a_number',
  'empty',
  'several_series',
  'stale',
  'partial',
  'misconfigured',
] as const;
export type UnknownReason = (typeof UNKNOWN_REASONS)[number];

/** What a metrics source answers: running totals of both arms at one moment, or that it cannot say. */
export type Reading =
  | {
      readonly says: 'counted';
      readonly at: Instant;
      readonly candidate: Counts;
      readonly stable: Counts;
      /** Values of own `custom_…` queries at this moment, by guard name. */
      readonly gauges?: Readonly<Record<string, number | UnknownReason>>;
    }
  | { readonly says: 'unknown'; readonly reason: UnknownReason; readonly detail: string };

/** What both arms counted in one stretch of time at one weight. The unit of evidence. */
export type EvidenceWindow = {
  readonly from: Instant;
  readonly to: Instant;
  readonly weightPercent: number;
  readonly candidate: Counts;
  readonly stable: Counts;
};
