// What stable counted before the release: the same looks as a reading, at moments of the past.

import {
  type LookDeps,
  lookAt,
  lookForAll,
  type PrometheusSource,
  queriesOf,
} from '#adapters/metrics/prometheus-looks.ts';
import { countsOf, type Tally, tallied } from '#adapters/metrics/prometheus-tally.ts';
import type { Counts } from '#domain/evidence.ts';
import { countedBetween } from '#domain/policy/counting.ts';
import { later } from '#domain/time.ts';
import type { MetricsQuestion } from '#operations/metrics-source.ts';

export type Past = { readonly windows: number; readonly windowMs: number };

/** History is asked for once a release, so it may take longer than a poll. */
const HISTORY_MS_MAX = 30_000;
const WINDOWS_MAX = 1_000;

export async function readHistory(
  deps: LookDeps,
  question: MetricsQuestion,
  source: PrometheusSource,
  { windows, windowMs }: Past,
): Promise<readonly Counts[]> {
  const queries = queriesOf(question, source, 'stable');
  if (!queries.ok) return [];
  const signal = AbortSignal.timeout(HISTORY_MS_MAX);
  const count = Math.min(windows, WINDOWS_MAX);
  const moments = Array.from({ length: count + 1 }, (_, nth) => ({
    source,
    signal,
    at: later(question.at, (nth - count) * windowMs),
  }));
  const looks = await Promise.all(
    moments.map((moment) => lookForAll(deps, queries.value, moment, lookAt)),
  );

  const past: Counts[] = [];
  let before: Tally | undefined;
  for (const [nth, look] of looks.entries()) {
    const now = look.ok ? tallied(before, look.value, moments[nth]?.at ?? question.at) : look;
    // A moment that cannot be read makes the window around it longer, and no window wrong.
    if (!now.ok) continue;
    if (before)
      past.push(countedBetween(countsOf(before, 'stable'), countsOf(now.value, 'stable')));
    before = now.value;
  }
  return past;
}
