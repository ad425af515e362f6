import type { Assigned } from '#domain/evaluation.ts';
import type { Instant } from '#domain/time.ts';

/** What an agent reports of one request it served, read and found well-formed. */
export type AgentLog = {
  /** As people write it: `support-agent`, or `support-agent/staging`. */
  readonly service: string;
  readonly version: string;
  readonly at: Instant;
  readonly success: boolean;
  readonly error?: string;
  readonly latencyMs?: number;
  readonly toolCalls: number;
  readonly toolFailures: number;
  readonly injections: number;
  readonly unexpectedTools: number;
  readonly costUsd?: number;
  readonly goalReached?: boolean;
  readonly feedback?: 'positive' | 'neutral' | 'negative';
  readonly key?: string;
  readonly session?: string;
  readonly assigned: Assigned;
};

/** The first thing wrong with a batch; because of it nothing of the batch is kept. */
export type MalformedLog = {
  /** Position in the batch, from 0. */
  readonly index: number;
  readonly field: string;
  readonly problem: string;
};

/** Timestamps outside of these are malformed: they would change minutes long judged, or to come. */
export const LOG_AGE_MS_MAX = 24 * 60 * 60_000;
export const LOG_AHEAD_MS_MAX = 5 * 60_000;

/**
 * The round numbers people write into guards, so that a limit mostly is a bound by itself. Each is
 * at most 17 % above the one before: a quantile or a mean read from the buckets errs by less.
 */
const MANTISSAS = [
  1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2, 2.2, 2.5, 2.8, 3, 3.5, 4, 4.5, 5, 5.5, 6, 7, 8, 9,
] as const;

/** From 10 ms to 10 min: agents answer in seconds, and below 10 ms nobody sets a limit. */
export const LATENCY_BOUNDS_MS: readonly number[] = [1, 2, 5, ...decades(1, 5)].filter(
  (bound) => bound <= 600_000,
);

/** From a hundredth of a cent to 100 dollars a request. */
export const COST_BOUNDS_USD: readonly number[] = [...decades(-4, 1), 100];

/** Written as text first, because 1.1 * 1e-4 is not the number that people write as 0.00011. */
function decades(from: number, to: number): number[] {
  const bounds: number[] = [];
  for (let power = from; power <= to; power += 1) {
    for (const mantissa of MANTISSAS) bounds.push(Number(`${mantissa}e${power}`));
  }
  return bounds;
}
