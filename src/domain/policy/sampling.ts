/**
 * Turns the counts of an arm into what a line observes. Where a histogram is too coarse to say
 * exactly, both arms are rounded to the side on which the bet stays fair: the rollback sees the
 * candidate at its best and stable at its worst, the gate the other way round.
 */
import type { Counts, Histogram } from '#domain/evidence.ts';
import type { Line } from '#domain/policy/line.ts';
import { assert } from '#domain/result.ts';
import type { Tally } from '#domain/statistics/bet.ts';
import type { Bins } from '#domain/statistics/value-bet.ts';

/** How a line looks at histograms: fixed before the windows it judges. */
export type View = {
  /** One bound for a limit, up to three against stable, which together see a shift anywhere. */
  readonly bounds: readonly number[];
  readonly gateBound: number;
  /** Values above it count as the cap itself. */
  readonly cap: number;
};

export type Side = 'best' | 'worst';

/** The value that a whole bucket counts as. */
const STANDS_FOR: Readonly<Record<Side | 'middle', (low: number, high: number) => number>> = {
  best: (low) => low,
  worst: (_, high) => high,
  middle: (low, high) => (low + high) / 2,
};

/** A bucket that the limit cuts in two is slow at worst and fast at best. */
const IS_SLOW: Readonly<Record<Side, (low: number, high: number, limit: number) => boolean>> = {
  best: (low, _, limit) => low >= limit,
  worst: (_, high, limit) => high > limit,
};

const LIMITED = 'a line against a limit has one';
const PLAIN_VIEW: View = { bounds: [0], gateBound: 0, cap: 1 };
const SHIFT_QUANTILES = [0.5, 0.9, 0.99];

/** The view of a line, from what stable counted in the past; undefined while that says nothing. */
export function viewOf(line: Line, past: Counts): View | undefined {
  const { measure, limit, against } = line;
  if (measure.kind === 'share') return PLAIN_VIEW;
  const histogram = past[measure.of];
  const quantile = (q: number) => histogram && quantileBound(histogram, q);
  if (measure.kind === 'mean') {
    const median = quantile(0.5);
    if (against === 'stable')
      return median === undefined ? undefined : { ...PLAIN_VIEW, cap: 10 * median };
    assert(limit !== undefined, LIMITED);
    // A cap at or below the limit could never show that the limit is broken.
    return { ...PLAIN_VIEW, cap: Math.max(2 * limit, 10 * (median ?? limit)) };
  }
  if (against === 'limit' && limit !== undefined)
    return { ...PLAIN_VIEW, bounds: [limit], gateBound: limit };
  const bounds = SHIFT_QUANTILES.map(quantile).filter((bound) => bound !== undefined);
  const gateBound = limit ?? quantile(measure.quantile);
  if (bounds.length === 0) return undefined;
  assert(gateBound !== undefined, 'a past with one quantile has them all');
  return { ...PLAIN_VIEW, bounds: [...new Set(bounds)], gateBound };
}

/** Why the source does not count what a line needs; undefined when it does. */
export function whyUncounted({ measure, limit, against }: Line, arm: Counts): string | undefined {
  if (measure.kind === 'share') {
    const missing = [measure.of, measure.bad].filter((name) => arm[name] === undefined);
    return missing.length > 0 ? `nothing counts ${missing.join(' and ')}` : undefined;
  }
  const histogram = arm[measure.of];
  if (!histogram) return `nothing counts ${measure.of}`;
  if (measure.kind === 'mean' || against === 'stable') return undefined;
  assert(limit !== undefined, LIMITED);
  const isSorted = histogram.bounds.some((bound) => bound >= limit);
  return isSorted ? undefined : `${measure.of} has no bucket at or above ${limit}`;
}

/** Observations and bad ones of a line on shares, at one bound; undefined when not counted. */
export function tallyOf(
  { measure }: Line,
  arm: Counts,
  bound: number,
  side: Side,
): Tally | undefined {
  if (measure.kind === 'mean') return undefined;
  if (measure.kind === 'slower') {
    const histogram = arm[measure.of];
    return histogram && slowerThan(histogram, bound, side);
  }
  const observations = arm[measure.of];
  const bad = arm[measure.bad];
  if (observations === undefined || bad === undefined) return undefined;
  // The two counters are read at slightly different moments.
  return { observations, bad: Math.min(bad, observations) };
}

/** The values of a line on means, between 0 and 1; undefined when not counted. */
export function binsOf(
  { measure }: Line,
  arm: Counts,
  cap: number,
  side: Side | 'middle',
): Bins | undefined {
  const histogram = measure.kind === 'mean' ? arm[measure.of] : undefined;
  if (!histogram) return undefined;
  const { bounds } = histogram;
  const values: number[] = [];
  const counts: number[] = [];
  histogram.counts.forEach((count, index) => {
    // A window fills few of a hundred buckets, and each of them is weighed against many rates.
    if (count === 0) return;
    const low = Math.min(bounds[index - 1] ?? 0, cap);
    const high = Math.min(bounds[index] ?? cap, cap);
    values.push(STANDS_FOR[side](low, high) / cap);
    counts.push(count);
  });
  return { values, counts };
}

export const sizeOf = ({ counts }: Bins) => counts.reduce((sum, count) => sum + count, 0);

export const sumOf = ({ values, counts }: Bins) =>
  counts.reduce((sum, count, index) => {
    const value = values[index];
    assert(value !== undefined, 'every bin has its value');
    return sum + count * value;
  }, 0);

function slowerThan({ bounds, counts }: Histogram, limit: number, side: Side): Tally {
  let observations = 0;
  let bad = 0;
  counts.forEach((count, index) => {
    observations += count;
    const low = bounds[index - 1] ?? 0;
    const high = bounds[index] ?? Number.POSITIVE_INFINITY;
    if (IS_SLOW[side](low, high, limit)) bad += count;
  });
  return { observations, bad };
}

/** The finite bound at or above a quantile, or the highest one there is. */
function quantileBound({ bounds, counts }: Histogram, quantile: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let seen = 0;
  const bucket = counts.findIndex((count) => {
    seen += count;
    return seen >= quantile * total;
  });
  return bounds[bucket] ?? bounds.at(-1);
}
