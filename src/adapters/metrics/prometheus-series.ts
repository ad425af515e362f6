// Turns rows into counters series by series: one number, or the buckets of a histogram, classic
// (`…_bucket` with `le`) or native.

import { type NativeHistogram, numberOf, type Row } from '#adapters/metrics/prometheus-answer.ts';
import { type Unknown, unknown } from '#adapters/metrics/unknown.ts';
import { type Result, yes } from '#domain/result.ts';

/**
 * What one process counted, by upper bound and accumulated, as `le` means it. A plain counter is
 * the histogram whose only bound is infinity.
 */
export type Series = ReadonlyMap<number, number>;
/** All series a query finds at one moment, by their labels. */
export type Look = ReadonlyMap<string, Series>;

export function countersIn(rows: readonly Row[]): Result<Look, Unknown> {
  const look = new Map<string, Series>();
  for (const { metric, value } of rows) {
    if (!value) return unknown('misconfigured', 'a histogram where a counter is due');
    const count = countOf(value[1]);
    if (!count.ok) return count;
    look.set(keyOf(metric), new Map([[Number.POSITIVE_INFINITY, count.value]]));
  }
  return yes(look);
}

/** `boundScale` turns the bounds into the unit that is wanted, as 1000 turns seconds into ms. */
export function histogramsIn(rows: readonly Row[], boundScale = 1): Result<Look, Unknown> {
  const look = new Map<string, Map<number, number>>();
  for (const { metric, value, histogram } of rows) {
    const { le, ...labels } = metric;
    const key = keyOf(labels);
    if (histogram) {
      const series = accumulated(histogram[1]);
      if (!series.ok) return series;
      look.set(key, series.value);
      continue;
    }
    const bound = boundOf(le ?? '');
    if (bound === undefined) return unknown('misconfigured', 'a bucket without the label le');
    const count = countOf(value?.[1] ?? '');
    if (!count.ok) return count;
    const series = look.get(key) ?? new Map<number, number>();
    look.set(key, series.set(bound, count.value));
  }
  const endless = [...look.values()].every((series) => series.has(Number.POSITIVE_INFINITY));
  if (!endless) return unknown('misconfigured', 'a histogram without its bucket le="+Inf"');
  return yes(new Map([...look].map(([key, series]) => [key, scaled(series, boundScale)])));
}

/** A series that is known to have been there, though not what it had counted. */
export const FORGOTTEN: Series = new Map();

/** Older servers answer last_over_time() of a native histogram with a bare number, which is no count. */
export function pastHistogramsIn(rows: readonly Row[], boundScale: number): Result<Look, Unknown> {
  const isBare = ({ metric, histogram }: Row) => metric.le === undefined && !histogram;
  const read = histogramsIn(
    rows.filter((row) => !isBare(row)),
    boundScale,
  );
  if (!read.ok) return read;
  const bare = rows.filter(isBare).map(({ metric }) => [keyOf(metric), FORGOTTEN] as const);
  return yes(new Map([...bare, ...read.value]));
}

/** Rounded, so that 0.3 s and its neighbours become 300 ms and not 300.00000000000006. */
const scaled = (series: Series, by: number): Series =>
  new Map([...series].map(([bound, count]) => [Number((bound * by).toPrecision(12)), count]));

function boundOf(text: string): number | undefined {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : numberOf(text);
}

function countOf(text: string): Result<number, Unknown> {
  const count = numberOf(text);
  if (count === undefined)
    return unknown('not_a_number', `a counter is ${text.slice(0, 20) || '?'}`);
  if (count < 0) return unknown('misconfigured', `a counter is ${count}, below zero`);
  return yes(count);
}

const keyOf = (labels: Readonly<Record<string, string>>) =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * The bounds of native buckets are the powers of 2^(2^-schema), and Prometheus lists only the
 * buckets that hold something. So the same fixed grid is read from all of them: four bounds to a
 * doubling, or fewer when the histogram is coarser, wide enough for dollars, seconds and their
 * thousandths.
 */
const GRID_SCHEMA_MAX = 2;
const GRID_DOUBLINGS = { from: -14, to: 20 };

function accumulated(histogram: NativeHistogram): Result<Map<number, number>, Unknown> {
  const all = countOf(histogram.count);
  if (!all.ok) return all;
  const buckets: { readonly from: number; readonly to: number; readonly count: number }[] = [];
  for (const [, left, right, counted] of histogram.buckets ?? []) {
    const count = countOf(counted);
    if (!count.ok) return count;
    const [from, to] = [boundOf(left), boundOf(right)];
    if (from === undefined || to === undefined) {
      return unknown('not_a_number', 'a bucket has no end');
    }
    buckets.push({ from, to, count: count.value });
  }
  const schema = Math.min(GRID_SCHEMA_MAX, ...buckets.map(schemaOf));
  if (!Number.isInteger(schema)) {
    return unknown('misconfigured', 'native buckets of own bounds: ask for the classic …_bucket');
  }
  const series = new Map<number, number>();
  for (const bound of gridOf(schema)) {
    // A bound computed twice may differ in its last digit, and a bucket must not be split by that.
    const below = buckets.filter(({ to }) => to <= bound * (1 + 1e-9));
    series.set(
      bound,
      below.reduce((sum, { count }) => sum + count, 0),
    );
  }
  return yes(series.set(Number.POSITIVE_INFINITY, all.value));
}

/** The resolution a bucket's width tells; zero and negative values lie below every bound anyway. */
function schemaOf({ from, to }: { readonly from: number; readonly to: number }): number {
  if (from <= 0 || to === Number.POSITIVE_INFINITY) return GRID_SCHEMA_MAX;
  const schema = -Math.log2(Math.log2(to / from));
  const whole = Math.round(schema);
  return Math.abs(schema - whole) < 1e-6 ? whole : Number.NaN;
}

function gridOf(schema: number): readonly number[] {
  const steps = 2 ** schema;
  const bounds: number[] = [];
  for (let step = Math.ceil(GRID_DOUBLINGS.from * steps); step <= GRID_DOUBLINGS.to * steps; ) {
    bounds.push(2 ** (step / steps));
    step += 1;
  }
  return bounds;
}
