import type { Counts, Reading } from '#domain/evidence.ts';
import type { CustomGuard } from '#domain/guard.ts';
import type { MetricsSource } from '#domain/plan.ts';
import type { Instant } from '#domain/time.ts';

/** Which two versions of which service are asked about, where they are counted, and as of when. */
export type MetricsQuestion = {
  readonly service: string;
  readonly environment: string;
  readonly candidate: string;
  readonly stable: string;
  readonly metrics: MetricsSource;
  readonly customGuards: readonly CustomGuard[];
  readonly pollMs: number;
  readonly at: Instant;
  /** The step that divides traffic now, for what is counted once a step; absent while none does. */
  readonly inStep?: { readonly release: number; readonly step: number };
};

/**
 * Where evidence is read from.
 *
 * A reading holds running totals of split traffic, both arms as of `question.at`. Totals only grow.
 * A source that lost its place begins again at zero, so whoever subtracts two readings may always
 * take the new total as the increment after a fall. An arm of which nothing is known stands still
 * as long as the other one is known; whether it should have grown is for the policy to say, since
 * it knows the weight. A counter of which the source knows nothing at all is left out.
 *
 * Neither method throws for what happens across the network: an outage is a reading that says
 * `unknown`, and an unreadable past is an empty one.
 */
export type MetricsReader = {
  readonly read: (question: MetricsQuestion) => Promise<Reading>;
  /**
   * What stable counted in up to `windows` stretches before `question.at`, oldest first. They are
   * `windowMs` wide, or wider where the source keeps nothing finer or could not be read.
   */
  readonly history: (
    question: MetricsQuestion,
    windows: number,
    windowMs: number,
  ) => Promise<readonly Counts[]>;
};
