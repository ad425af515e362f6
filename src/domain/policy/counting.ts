/** Arithmetic on counters: what was counted between two readings, and over several polls. */
import { COUNTER_NAMES, type Counts, HISTOGRAM_NAMES, type Histogram } from '#domain/evidence.ts';
import { assert } from '#domain/result.ts';

export const NOTHING_COUNTED: Counts = { requests: 0 };

type Filling = { -readonly [Name in keyof Counts]: Counts[Name] };

/** After a counter fell it began anew, so all it shows now was counted since; so does a new series. */
export function countedBetween(before: Counts, now: Counts): Counts {
  const counted: Filling = { requests: 0 };
  for (const name of COUNTER_NAMES) {
    const value = now[name];
    if (value !== undefined) counted[name] = increase(before[name] ?? 0, value);
  }
  if (now.keys !== undefined) counted.keys = increase(before.keys ?? 0, now.keys);
  for (const name of HISTOGRAM_NAMES) {
    const value = now[name];
    if (value !== undefined) counted[name] = histogramBetween(before[name], value);
  }
  return counted;
}

/** A counter that is no count would spoil all evidence after it, whoever let it through. */
export function areCounts(arm: Counts): boolean {
  const isCount = (value: number | undefined) =>
    value === undefined || (Number.isFinite(value) && value >= 0);
  return (
    isCount(arm.keys) &&
    COUNTER_NAMES.every((name) => isCount(arm[name])) &&
    HISTOGRAM_NAMES.every((name) => arm[name]?.counts.every(isCount) ?? true)
  );
}

export function addCounts(a: Counts, b: Counts): Counts {
  const sum: Filling = { requests: 0 };
  for (const name of COUNTER_NAMES) {
    const [one, other] = [a[name], b[name]];
    if (one !== undefined || other !== undefined) sum[name] = (one ?? 0) + (other ?? 0);
  }
  if (a.keys !== undefined || b.keys !== undefined) sum.keys = (a.keys ?? 0) + (b.keys ?? 0);
  for (const name of HISTOGRAM_NAMES) {
    const total = addHistograms(a[name], b[name]);
    if (total) sum[name] = total;
  }
  return sum;
}

const increase = (before: number, now: number) => (now >= before ? now - before : now);

function histogramBetween(before: Histogram | undefined, now: Histogram): Histogram {
  if (!before || !haveSameBuckets(before, now)) return now;
  const counts = byBucket(now, before, (count, earlier) => count - earlier);
  // One bucket that fell means that the whole histogram began anew.
  return counts.some((count) => count < 0) ? now : { bounds: now.bounds, counts };
}

function addHistograms(a?: Histogram, b?: Histogram): Histogram | undefined {
  if (!a || !b) return a ?? b;
  // After a change of buckets the older counts cannot be sorted into the new ones.
  if (!haveSameBuckets(a, b)) return b;
  return { bounds: b.bounds, counts: byBucket(a, b, (one, other) => one + other) };
}

const byBucket = (a: Histogram, b: Histogram, of: (one: number, other: number) => number) =>
  a.counts.map((one, index) => {
    const other = b.counts[index];
    assert(other !== undefined, 'only histograms of the same buckets are reckoned up');
    return of(one, other);
  });

const haveSameBuckets = (a: Histogram, b: Histogram) =>
  a.counts.length === b.counts.length && (a.bounds === b.bounds || haveSameBounds(a, b));

const haveSameBounds = ({ bounds }: Histogram, b: Histogram) =>
  bounds.length === b.bounds.length && bounds.every((bound, index) => bound === b.bounds[index]);
