/** A guard as people write it is one or two lines; a line is what can be tested. */
import type { CounterName, HistogramName } from '#domain/evidence.ts';
import type { Guard, GuardName } from '#domain/guard.ts';
import type { Bound } from '#domain/statistics/bet.ts';

/** What is observed, and when an observation is bad. */
export type Measure =
  | { readonly kind: 'share'; readonly of: CounterName; readonly bad: CounterName }
  /** "p95 at most L" says the same as "at most 5 % are slower than L". */
  | { readonly kind: 'slower'; readonly of: HistogramName; readonly quantile: number }
  /** Values are capped and divided by their cap, so that they lie between 0 and 1. */
  | { readonly kind: 'mean'; readonly of: HistogramName };

export type Line = {
  /** Says what is tested, so that evidence of an earlier try finds its line again. */
  readonly key: string;
  readonly guard: GuardName;
  readonly against: 'limit' | 'stable';
  readonly measure: Measure;
  /** What people wrote: a rate as a fraction, milliseconds, or dollars. */
  readonly limit?: number;
  /** For shares; a line on means gets its `delta` from the limit and the cap. */
  readonly bound: Bound;
  /** Share of the false-stop budget; all lines of a policy sum to 1. */
  readonly weight: number;
  /** Very rare events may stop a release, but proving their absence would take too long. */
  readonly isAskedByGate: boolean;
  /** Looked at only where the source counts it: nobody asked for it by name. */
  readonly isOptional: boolean;
  readonly isCritical: boolean;
};

type Known = {
  readonly measure: Measure;
  /** The share that may be bad when people state `limit`. */
  readonly shareOf?: (limit: number) => number;
  readonly isRare?: boolean;
};

const share = (of: CounterName, bad: CounterName): Measure => ({ kind: 'share', of, bad });
const asStated = (limit: number) => limit;
// Rounded, so that at least 95 % good and at most 5 % bad are one number.
const complement = (limit: number) => Math.round((1 - limit) * 1e12) / 1e12;

const KNOWN: Readonly<Record<GuardName, Known>> = {
  error_rate: { measure: share('requests', 'errors'), shareOf: asStated },
  success_rate: { measure: share('requests', 'errors'), shareOf: complement },
  latency_avg_ms: { measure: { kind: 'mean', of: 'latency_ms' } },
  latency_p95_ms: {
    measure: { kind: 'slower', of: 'latency_ms', quantile: 0.95 },
    shareOf: () => 0.05,
  },
  latency_p99_ms: {
    measure: { kind: 'slower', of: 'latency_ms', quantile: 0.99 },
    shareOf: () => 0.01,
  },
  tool_failure_rate: { measure: share('tool_calls', 'tool_failures'), shareOf: asStated },
  prompt_injection_rate: {
    measure: share('requests', 'injections'),
    shareOf: asStated,
    isRare: true,
  },
  unexpected_tool_rate: {
    measure: share('requests', 'unexpected_tools'),
    shareOf: asStated,
    isRare: true,
  },
  cost_per_request_usd: { measure: { kind: 'mean', of: 'cost_usd' } },
  goal_completion_rate: { measure: share('goals', 'goals_missed'), shareOf: complement },
  negative_feedback_rate: { measure: share('feedback', 'negative_feedback'), shareOf: asStated },
};

/** All lines of the guards, those that say the same merged into one, their weights summing to 1. */
export function linesOf(guards: readonly Guard[], optional: readonly GuardName[] = []): Line[] {
  const lines = new Map<string, Line>();
  for (const guard of guards)
    for (const line of linesOfGuard(guard, optional.includes(guard.name))) {
      const same = lines.get(line.key);
      lines.set(line.key, same ? merged(same, line) : line);
    }
  const all = [...lines.values()];
  const sum = all.reduce((total, line) => total + line.weight, 0);
  return all.map((line) => ({ ...line, weight: line.weight / sum }));
}

function linesOfGuard(guard: Guard, isOptional: boolean): Line[] {
  const { measure, shareOf, isRare = false } = KNOWN[guard.name];
  const { limit, versusStable } = guard;
  const shared = {
    guard: guard.name,
    measure,
    weight: guard.weight ?? 1,
    isAskedByGate: !isRare,
    isOptional,
    isCritical: guard.critical ?? false,
    ...(limit !== undefined && { limit }),
  };
  const lines: Line[] = [];
  if (limit !== undefined) {
    const delta = shareOf?.(limit) ?? 0;
    const key = `${nameOf(measure, limit)}:limit:${measure.kind === 'share' ? delta : limit}`;
    lines.push({ ...shared, key, against: 'limit', bound: { rho: 0, delta } });
  }
  if (versusStable) {
    const { margin } = versusStable;
    const key = `${nameOf(measure, limit)}:stable:${margin}`;
    lines.push({ ...shared, key, against: 'stable', bound: { rho: 1, delta: margin } });
  }
  return lines;
}

function nameOf(measure: Measure, limit: number | undefined): string {
  switch (measure.kind) {
    case 'share':
      return `${measure.bad}/${measure.of}`;
    case 'slower':
      return `${measure.of}:p${measure.quantile * 100}:${limit ?? ''}`;
    case 'mean':
      return `${measure.of}:mean`;
  }
}

const merged = (a: Line, b: Line): Line => ({
  ...a,
  weight: Math.max(a.weight, b.weight),
  isOptional: a.isOptional && b.isOptional,
  isCritical: a.isCritical || b.isCritical,
});
