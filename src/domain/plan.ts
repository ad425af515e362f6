import type { CounterName, HistogramName } from '#domain/evidence.ts';
import type { CustomGuard, Guard } from '#domain/guard.ts';

/** Later an A/B test and a feature-flag release join these two. */
export const STRATEGIES = ['canary', 'blue-green'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** A rung of the ladder. Weight 0 means testers only. */
export type Step = {
  readonly weightPercent: number;
  readonly dwellMs: number;
  /** Must a person who did not ask for the release say yes before this step is entered? */
  readonly approval: boolean;
};

/** Where both arms are counted. Queries are templates over $service, $version and $environment. */
export type MetricsSource =
  | { readonly source: 'agent-logs' }
  | {
      readonly source: 'prometheus';
      readonly url: string;
      readonly queries: { readonly [Name in PrometheusQueryName]?: string };
      /** Samples older than two of these are stale. */
      readonly scrapeIntervalMs: number;
    };

/** `latency_bucket` and `cost_bucket` read classic or native histograms. */
export type PrometheusQueryName = CounterName | 'latency_bucket' | 'cost_bucket';
export const HISTOGRAM_QUERIES = {
  latency_bucket: 'latency_ms',
  cost_bucket: 'cost_usd',
} as const satisfies Record<string, HistogramName>;

export type RollbackRules = {
  readonly mode: 'auto' | 'ask';
  /** With mode `ask`: how long people have before the rollback happens by itself. */
  readonly askTimeoutMs: number;
  readonly lockCandidate: boolean;
  readonly stabilityWindowMs: number;
  /** What follows when nothing is known of the candidate for too long; nothing, when absent. */
  readonly noData?: 'roll_back';
  /** Kill switches thrown together with a rollback. */
  readonly kill: readonly string[];
};

/**
 * Everything an approver says yes to. It is stored with its release as it was approved;
 * later edits of the configuration apply to the next release.
 */
export type Plan = {
  readonly strategy: Strategy;
  readonly steps: readonly Step[];
  readonly testers: readonly string[];
  readonly unattendedFull: boolean;
  readonly metrics: MetricsSource;
  readonly guards: readonly Guard[];
  readonly customGuards: readonly CustomGuard[];
  /** How much the service's overall bad rate may rise at the next step, as a fraction; a default is derived from stable when absent. */
  readonly riskBudget?: number;
  readonly onThinEvidence: 'ask' | 'hold';
  readonly rollback: RollbackRules;
  /** After this long without enough evidence in a step a person is asked. */
  readonly maxHoldMs: number;
  /** Percent of traffic that stays on stable at the last step. */
  readonly holdbackPercent: number;
  readonly watchMs: number;
  /** How far apart polls are, to size the horizon of the evidence. */
  readonly pollMs: number;
  /** Number of the bucketing algorithm, so that it can never change under a running release. */
  readonly bucketing: 1;
};
