// Adds up what many processes counted into one total that never falls while processes start again,
// come and go. The sum of their counters would: when one of ten leaves, the sum falls by a tenth,
// and taking the rest for a fresh start would count nine lifetimes twice. So each series is
// remembered by itself:
//
// - a series that grew adds its growth;
// - a series that fell was started again and adds its whole new value (what it counted between the
//   last look and its end is lost, in both arms alike);
// - a series that left adds nothing and is remembered, so that coming back after a failed scrape is
//   not taken for a birth;
// - a series never seen counts from zero: it was born since the last look, unless Prometheus knows
//   that it was there before, and then it adds its growth since, as far as that is known.

import { FORGOTTEN, type Look, type Series } from '#adapters/metrics/prometheus-series.ts';

export type Meter = {
  /** Upper bounds, rising, infinity last. */
  readonly bounds: readonly number[];
  /** The values of each series when it was last seen, by bound, accumulated. */
  readonly last: ReadonlyMap<string, readonly number[]>;
  /** What was counted since the meter began, by bound, accumulated. */
  readonly total: readonly number[];
};

/** Departed processes are forgotten, the longest gone first, when there are more than this. */
const SERIES_MAX = 20_000;

/** A meter begins at zero: what was counted before the first look belongs to nobody's window. */
export function beginMeter(bounds: readonly number[], look: Look): Meter {
  const last = new Map<string, readonly number[]>();
  for (const [key, series] of look) last.set(key, valuesAt(bounds, series));
  return { bounds, last, total: bounds.map(() => 0) };
}

/** The meter after one more look; `earlier` holds what Prometheus knew of strangers at the last one. */
export function advancedMeter(meter: Meter, look: Look, earlier: Look): Meter {
  const last = new Map(meter.last);
  const total = [...meter.total];
  for (const [key, series] of look) {
    const now = valuesAt(meter.bounds, series);
    const known = earlier.get(key);
    const before = last.get(key) ?? (known && valuesBefore(meter.bounds, known, now));
    const growth = before ? growthOf(before, now) : now;
    growth.forEach((grown, bucket) => {
      total[bucket] = (total[bucket] ?? 0) + grown;
    });
    // Deleting first keeps the map in the order of last sight.
    last.delete(key);
    last.set(key, now);
  }
  for (const key of last.keys()) {
    if (last.size <= SERIES_MAX) break;
    last.delete(key);
  }
  return { bounds: meter.bounds, last, total };
}

/** Is there a series this meter has never seen? */
export const meetsStrangers = (meter: Meter, look: Look) =>
  [...look.keys()].some((key) => !meter.last.has(key));

/** The bounds that all series have, so that both arms and all processes are counted alike. */
export function sharedBounds(all: Iterable<Series>, within?: readonly number[]): readonly number[] {
  let shared = within;
  for (const series of all)
    shared = (shared ?? [...series.keys()]).filter((one) => series.has(one));
  return [...(shared ?? [])].sort((a, b) => a - b);
}

const valuesAt = (bounds: readonly number[], series: Series) =>
  bounds.map((bound) => series.get(bound) ?? 0);

/** Of a series that only was there the growth is unknown, and none is better than a whole lifetime. */
const valuesBefore = (bounds: readonly number[], known: Series, now: readonly number[]) =>
  known === FORGOTTEN ? now : valuesAt(bounds, known);

/** A fall by less than this is the rounding of a sum, not a restart. */
const ROUNDING = 1e-9;

function growthOf(before: readonly number[], now: readonly number[]): readonly number[] {
  const grown = now.map((value, bucket) => value - (before[bucket] ?? 0));
  const fell = grown.some((by, bucket) => by < -ROUNDING * (before[bucket] ?? 0));
  if (fell) return now;
  // Accumulated counts never fall from one bound to the next, even if they were read while rising.
  let most = 0;
  return grown.map((by) => {
    most = Math.max(most, by);
    return most;
  });
}
