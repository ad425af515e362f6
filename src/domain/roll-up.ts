import { type AgentLog, COST_BOUNDS_USD, LATENCY_BOUNDS_MS } from '#domain/agent-log.ts';
import type { Assigned } from '#domain/evaluation.ts';
import type { CounterName, Counts, Histogram } from '#domain/evidence.ts';
import { addCounts } from '#domain/policy/counting.ts';
import { assert } from '#domain/result.ts';
import { asInstant, type Instant, MINUTE_MS } from '#domain/time.ts';

/** What one version of a service counted in one minute. Only `split` traffic is evidence. */
export type LogRollUp = {
  readonly service: string;
  readonly version: string;
  readonly assigned: Assigned;
  readonly minute: Instant;
  readonly counts: Counts;
  /** Who asked, each once, and how many requests said nothing about that. */
  readonly keys: readonly string[];
  readonly keyless: number;
};

type Place = Pick<LogRollUp, 'service' | 'version' | 'assigned' | 'minute'>;
type Buckets = { readonly bounds: readonly number[]; readonly counts: number[] };
type Tally = { [Name in CounterName]: number } & {
  readonly latency_ms: Buckets;
  readonly cost_usd: Buckets;
};
type Row = Omit<LogRollUp, 'counts' | 'keys' | 'keyless'> & {
  readonly counts: Tally;
  readonly keys: Set<string>;
  keyless: number;
};

/**
 * Sorts a batch into minutes, so that the store adds a few rows instead of one an item. One pass
 * that adds up in place: a batch may hold tens of thousands of items, and agents wait meanwhile.
 */
export function rollUp(logs: readonly AgentLog[]): readonly LogRollUp[] {
  const rows = new Map<string, Row>();
  for (const log of logs) {
    const { service, version, assigned, at } = log;
    const place = { service, version, assigned, minute: asInstant(at - (at % MINUTE_MS)) };
    const key = nameOf(place);
    const row = rows.get(key) ?? emptyRow(place);
    count(row.counts, log);
    if (log.key) row.keys.add(log.key);
    else row.keyless += 1;
    rows.set(key, row);
  }
  return [...rows.values()].map((row) => ({ ...row, keys: [...row.keys] }));
}

const emptyRow = (place: Place): Row => ({
  ...place,
  counts: emptyTally(),
  keys: new Set(),
  keyless: 0,
});

/** Roll-ups of several batches as if they were one. Who asked in two of them is named twice. */
export function addRollUps(rollUps: readonly LogRollUp[]): readonly LogRollUp[] {
  const alike = Map.groupBy(rollUps, nameOf);
  return [...alike.values()].map((group) => group.reduce(addTwo));
}

const addTwo = (one: LogRollUp, other: LogRollUp): LogRollUp => ({
  ...one,
  counts: addCounts(one.counts, other.counts),
  keys: [...one.keys, ...other.keys],
  keyless: one.keyless + other.keyless,
});

const nameOf = ({ service, version, assigned, minute }: Place) =>
  `${service} ${version} ${assigned} ${minute}`;

/** A version that logs name, and how many of them do. */
export type Named = { readonly service: string; readonly version: string; readonly items: number };

export function namedIn(rollUps: readonly LogRollUp[]): readonly Named[] {
  const named = new Map<string, Named>();
  for (const { service, version, counts } of rollUps) {
    const name = `${service}@${version}`;
    const items = (named.get(name)?.items ?? 0) + counts.requests;
    named.set(name, { service, version, items });
  }
  return [...named.values()];
}

export function countLogs(logs: readonly AgentLog[]): Counts {
  const tally = emptyTally();
  for (const log of logs) count(tally, log);
  return tally;
}

/** Counts follow the meaning of the guards: "it happened" is counted once a request. */
function count(tally: Tally, log: AgentLog): void {
  tally.requests += 1;
  if (!log.success) tally.errors += 1;
  tally.tool_calls += log.toolCalls;
  tally.tool_failures += log.toolFailures;
  if (log.injections > 0) tally.injections += 1;
  if (log.unexpectedTools > 0) tally.unexpected_tools += 1;
  if (log.goalReached !== undefined) tally.goals += 1;
  if (log.goalReached === false) tally.goals_missed += 1;
  if (log.feedback !== undefined) tally.feedback += 1;
  if (log.feedback === 'negative') tally.negative_feedback += 1;
  observe(tally.latency_ms, log.latencyMs);
  observe(tally.cost_usd, log.costUsd);
}

const emptyTally = (): Tally => ({
  requests: 0,
  errors: 0,
  tool_calls: 0,
  tool_failures: 0,
  injections: 0,
  unexpected_tools: 0,
  goals: 0,
  goals_missed: 0,
  feedback: 0,
  negative_feedback: 0,
  latency_ms: emptyBuckets(LATENCY_BOUNDS_MS),
  cost_usd: emptyBuckets(COST_BOUNDS_USD),
});

const emptyBuckets = (bounds: readonly number[]): Buckets => ({
  bounds,
  counts: new Array<number>(bounds.length + 1).fill(0),
});

export function histogram(
  bounds: readonly number[],
  observations: readonly (number | undefined)[],
): Histogram {
  const buckets = emptyBuckets(bounds);
  for (const observed of observations) observe(buckets, observed);
  return buckets;
}

/** Bounds are inclusive; what lies above the last one has a bucket of its own. */
function observe({ bounds, counts }: Buckets, observed: number | undefined): void {
  if (observed === undefined) return;
  let [low, high] = [0, bounds.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (observed <= (bounds[middle] as number)) high = middle;
    else low = middle + 1;
  }
  const count = counts[low];
  assert(count !== undefined, 'every observation has a bucket');
  counts[low] = count + 1;
}
