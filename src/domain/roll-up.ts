import { type AgentLog, COST_BOUNDS_USD, LATENCY_BOUNDS_MS } from '#domain/agent-log.ts';
import type { Assigned } from '#domain/evaluation.ts';
import { COUNTER_NAMES, type Counts, HISTOGRAM_NAMES, type Histogram } from '#domain/evidence.ts';
import { assert } from '#domain/result.ts';
import { asInstant, type Instant, MINUTE_MS } from '#domain/time.ts';

/** What one version of a service counted in one minute. Only `split` traffic is evidence. */
export type LogRollUp = {
  readonly service: string;
  readonly version: string;
  readonly assigned: Assigned;
  readonly minute: Instant;
  readonly counts: Counts;
};

/** Sorts a batch into minutes, so that the store adds a few rows instead of one an item. */
export function rollUp(logs: readonly AgentLog[]): readonly LogRollUp[] {
  const groups = Map.groupBy(logs, ({ service, version, assigned, at }) =>
    [service, version, assigned, minuteOf(at)].join(' '),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { service, version, assigned, at } = first;
    return [{ service, version, assigned, minute: minuteOf(at), counts: countLogs(group) }];
  });
}

const minuteOf = (at: Instant) => asInstant(at - (at % MINUTE_MS));

/** Counts follow the meaning of the guards: "it happened" is counted once a request. */
export function countLogs(logs: readonly AgentLog[]): Counts {
  const sum = (of: (log: AgentLog) => number) => logs.reduce((total, log) => total + of(log), 0);
  const count = (is: (log: AgentLog) => boolean) => logs.filter(is).length;
  return {
    requests: logs.length,
    errors: count((log) => !log.success),
    tool_calls: sum((log) => log.toolCalls),
    tool_failures: sum((log) => log.toolFailures),
    injections: count((log) => log.injections > 0),
    unexpected_tools: count((log) => log.unexpectedTools > 0),
    goals: count((log) => log.goalReached !== undefined),
    goals_missed: count((log) => log.goalReached === false),
    feedback: count((log) => log.feedback !== undefined),
    negative_feedback: count((log) => log.feedback === 'negative'),
    latency_ms: histogram(
      LATENCY_BOUNDS_MS,
      logs.map((log) => log.latencyMs),
    ),
    cost_usd: histogram(
      COST_BOUNDS_USD,
      logs.map((log) => log.costUsd),
    ),
  };
}

/** Bounds are inclusive; what lies above the last one has a bucket of its own. */
export function histogram(
  bounds: readonly number[],
  observations: readonly (number | undefined)[],
): Histogram {
  const counts = new Array<number>(bounds.length + 1).fill(0);
  for (const observed of observations) {
    if (observed === undefined) continue;
    const bucket = bucketIndex(bounds, observed);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return { bounds, counts };
}

function bucketIndex(bounds: readonly number[], observed: number): number {
  let [low, high] = [0, bounds.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (observed <= (bounds[middle] ?? Number.POSITIVE_INFINITY)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Two stretches of the same arm as one. Histograms add up because their bounds are fixed. */
export function addCounts(one: Counts, other: Counts): Counts {
  const sums = COUNTER_NAMES.map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]);
  const merged = HISTOGRAM_NAMES.map((name) => [name, addHistograms(one[name], other[name])]);
  const counts: Record<string, unknown> = Object.fromEntries([...sums, ...merged]);
  return { ...counts, requests: one.requests + other.requests };
}

function addHistograms(one: Histogram | undefined, other: Histogram | undefined) {
  if (!one || !other) return one ?? other;
  assert(one.bounds.length === other.bounds.length, 'histograms of one arm share their bounds');
  const counts = one.counts.map((count, bucket) => count + (other.counts[bucket] ?? 0));
  return { bounds: one.bounds, counts };
}
