import { z } from 'zod';
import { COST_BOUNDS_USD, LATENCY_BOUNDS_MS } from '#domain/agent-log.ts';
import { COUNTER_NAMES, type Counts, type Histogram } from '#domain/evidence.ts';
import { decode } from '#store/codec.ts';

/**
 * Counts of agent logs as they are stored: counters that are not zero, and of histograms only the
 * buckets that hold something. The bounds are fixed and named by a number, because writing over a
 * hundred of them into every minute would be most of the file.
 */
const Bucket = z.tuple([z.number().int(), z.number().int()]);
const StoredCounts = z.object({
  bounds: z.literal(1),
  counters: z.record(z.string(), z.number()),
  latency: z.array(Bucket),
  cost: z.array(Bucket),
  keys: z.number().optional(),
});
type StoredCounts = z.infer<typeof StoredCounts>;

export function packCounts(counts: Counts): StoredCounts {
  const counters = COUNTER_NAMES.map((name) => [name, counts[name] ?? 0] as const);
  return {
    bounds: 1,
    counters: Object.fromEntries(counters.filter(([, count]) => count > 0)),
    latency: packBuckets(counts.latency_ms),
    cost: packBuckets(counts.cost_usd),
    ...(counts.keys !== undefined && { keys: counts.keys }),
  };
}

export function unpackCounts(stored: unknown): Counts {
  const { counters, latency, cost, keys } = StoredCounts.parse(stored);
  const { requests = 0, ...rest } = counters;
  return {
    ...Object.fromEntries(COUNTER_NAMES.map((name) => [name, rest[name] ?? 0])),
    requests,
    latency_ms: unpackBuckets(latency, LATENCY_BOUNDS_MS),
    cost_usd: unpackBuckets(cost, COST_BOUNDS_USD),
    ...(keys !== undefined && { keys }),
  };
}

/**
 * Counts of a window from any source. What agents logged is packed, or the windows of a busy month
 * would be gigabytes of bounds; other sources have bounds of their own, and few.
 */
export const packWindow = (counts: Counts): StoredCounts | Counts =>
  isOfAgentLogs(counts) ? packCounts(counts) : counts;

export const unpackWindow = (stored: unknown, where: string): Counts =>
  'counters' in Object(stored) ? unpackCounts(stored) : decode('counts', stored, where);

/** Only then does unpacking give back what was packed, with nothing added. */
const isOfAgentLogs = (counts: Counts) =>
  COUNTER_NAMES.every((name) => counts[name] !== undefined) &&
  areSame(counts.latency_ms?.bounds, LATENCY_BOUNDS_MS) &&
  areSame(counts.cost_usd?.bounds, COST_BOUNDS_USD);

const areSame = (some: readonly number[] | undefined, others: readonly number[]) =>
  some?.length === others.length && some.every((bound, at) => bound === others[at]);

function packBuckets(histogram: Histogram | undefined): [number, number][] {
  if (!histogram) return [];
  return histogram.counts.flatMap((count, bucket): [number, number][] =>
    count > 0 ? [[bucket, count]] : [],
  );
}

function unpackBuckets(buckets: StoredCounts['latency'], bounds: readonly number[]): Histogram {
  const counts = new Array<number>(bounds.length + 1).fill(0);
  for (const [bucket, count] of buckets) counts[bucket] = count;
  return { bounds, counts };
}
