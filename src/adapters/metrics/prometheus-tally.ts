// Keeps the running totals of both arms of one question from one look to the next.
//
// The totals live in memory and begin at zero with the first look, also after a restart. Nothing is
// counted twice by that: whoever subtracts readings sees a fall to zero, for which the new total is
// the increment. What happened between the last look before and the first one after is left out.

import {
  advancedMeter,
  beginMeter,
  type Meter,
  meetsStrangers,
  sharedBounds,
} from '#adapters/metrics/prometheus-meter.ts';
import type { Look } from '#adapters/metrics/prometheus-series.ts';
import { type Unknown, unknown } from '#adapters/metrics/unknown.ts';
import type { Counts, Histogram } from '#domain/evidence.ts';
import { HISTOGRAM_QUERIES, type PrometheusQueryName } from '#domain/plan.ts';
import { type Result, yes } from '#domain/result.ts';
import type { Instant } from '#domain/time.ts';

const ARMS = ['candidate', 'stable'] as const;
export type ArmName = (typeof ARMS)[number];
/** What one query found for each arm at one moment. */
export type Looks = { readonly [Arm in ArmName]: Look };
export type LooksByQuery = ReadonlyMap<PrometheusQueryName, Looks>;

export type Tally = {
  readonly at: Instant;
  readonly meters: ReadonlyMap<PrometheusQueryName, { readonly [Arm in ArmName]: Meter }>;
};
type Bounds = ReadonlyMap<PrometheusQueryName, readonly number[]>;

const NOTHING: Look = new Map();
const NOBODY: LooksByQuery = new Map();

/**
 * The tally after one more look, or why the look tells nothing. `earlier` holds what was known at
 * the look before of those series that are met for the first time.
 */
export function tallied(
  before: Tally | undefined,
  looks: LooksByQuery,
  at: Instant,
  earlier: LooksByQuery = NOBODY,
): Result<Tally, Unknown> {
  const requests = looks.get('requests');
  if (!requests) return unknown('misconfigured', 'there is no query named requests');
  if (requests.candidate.size + requests.stable.size === 0) {
    return unknown('empty', 'requests: Prometheus has no series of either version');
  }
  const bounds = boundsIn(before, looks);
  for (const [name, shared] of bounds) {
    if (isHistogramQuery(name) && shared.length < 2) {
      return unknown('misconfigured', `${name}: the histograms share no bucket bound`);
    }
  }
  const last = before && haveSameBounds(before, bounds) ? before : undefined;
  const meters: Tally['meters'] = new Map(
    [...bounds].map(([name, shared]) => {
      const meterOf = (arm: ArmName) => {
        const look = looks.get(name)?.[arm] ?? NOTHING;
        if (!last) return beginMeter(shared, look);
        const meter = last.meters.get(name)?.[arm] ?? beginMeter(shared, NOTHING);
        return advancedMeter(meter, look, earlier.get(name)?.[arm] ?? NOTHING);
      };
      return [name, { candidate: meterOf('candidate'), stable: meterOf('stable') }];
    }),
  );
  return yes({ at, meters });
}

/**
 * The bounds by which each query is counted. A counter has but one; the bounds of a histogram are
 * those that both arms and all their processes share, and they only ever become fewer. A query of
 * which no series was ever seen has none.
 */
function boundsIn(before: Tally | undefined, looks: LooksByQuery): Bounds {
  const bounds = new Map<PrometheusQueryName, readonly number[]>();
  for (const [name, { candidate, stable }] of looks) {
    const within = before?.meters.get(name)?.stable.bounds;
    const series = [...candidate.values(), ...stable.values()];
    if (series.length > 0 || within) bounds.set(name, sharedBounds(series, within));
  }
  return bounds;
}

/** When the buckets have become others, all totals begin again together. */
const haveSameBounds = (before: Tally, bounds: Bounds) =>
  [...before.meters].every(
    ([name, { stable }]) => bounds.get(name)?.length === stable.bounds.length,
  );

/** The arms of queries with series that the tally alone cannot tell from newborn ones. */
export function strangersIn(tally: Tally, looks: LooksByQuery) {
  return [...looks].flatMap(([name, arms]) =>
    ARMS.filter((arm) => {
      const meter = tally.meters.get(name)?.[arm];
      return meter ? meetsStrangers(meter, arms[arm]) : arms[arm].size > 0;
    }).map((arm) => ({ name, arm })),
  );
}

/** The running totals of one arm. A query without any series is left out, for it is not zero. */
export function countsOf(tally: Tally, arm: ArmName): Counts {
  const counts: { -readonly [Name in keyof Counts]: Counts[Name] } = { requests: 0 };
  for (const [name, arms] of tally.meters) {
    if (isHistogramQuery(name)) counts[HISTOGRAM_QUERIES[name]] = histogramOf(arms[arm]);
    else counts[name] = arms[arm].total.at(-1) ?? 0;
  }
  return counts;
}

function histogramOf({ bounds, total }: Meter): Histogram {
  // Sums of fractions round, and a bucket must not come out below zero by that.
  const counts = total.map((upTo, bucket) => Math.max(0, upTo - (total[bucket - 1] ?? 0)));
  return { bounds: bounds.slice(0, -1), counts };
}

export const isHistogramQuery = (name: string): name is keyof typeof HISTOGRAM_QUERIES =>
  Object.hasOwn(HISTOGRAM_QUERIES, name);
