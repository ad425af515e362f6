/** The guards known by name, and which way their limit points. */
export const GUARD_LIMITS = {
  error_rate: 'max',
  success_rate: 'min',
  latency_avg_ms: 'max',
  latency_p95_ms: 'max',
  latency_p99_ms: 'max',
  tool_failure_rate: 'max',
  prompt_injection_rate: 'max',
  unexpected_tool_rate: 'max',
  cost_per_request_usd: 'max',
  goal_completion_rate: 'min',
  negative_feedback_rate: 'max',
} as const;
export type GuardName = keyof typeof GUARD_LIMITS;

/** A signal with a limit: against an absolute line, against the stable version, or both. */
export type Guard = {
  readonly name: GuardName;
  /** Rates as fractions (0.05 is 5 %), latencies in ms, costs in US dollars. */
  readonly limit?: number;
  /** No worse than stable; `margin` is the excess still tolerated, as a fraction of observations. */
  readonly versusStable?: { readonly margin: number };
  /** Relative share of the false-stop budget; all weights are scaled to sum 1. */
  readonly weight?: number;
  /** One confirmed event is enough to stop. */
  readonly critical?: boolean;
};

/** An own probe in Prometheus: a gauge that must not stay above its limit for longer than `forMs`. */
export type CustomGuard = {
  readonly name: `custom_${string}`;
  readonly query: string;
  readonly max: number;
  readonly forMs: number;
};
