// Counts both versions of a service in Prometheus.
//
// Counters are read as they are, series by series, both arms at one evaluation time, and added up
// here (prometheus-meter.ts says why not by sum() or rate() there). A sample older than two scrapes,
// a value that is no number, an answer that is late, partial or garbled: each makes the whole
// reading unknown. An arm without series stands still as long as the other arm has some, and so
// does a counter that was seen before; a counter never seen in either arm is left out, because a
// query that is spelt wrong finds nothing either.
//
// Point it at one Prometheus, or at something that merges replicas: two replicas asked in turn have
// scraped at different moments, and a counter that seems to fall is taken for a restart.

import { createPrometheusClient } from '#adapters/metrics/prometheus-client.ts';
import { readGauges } from '#adapters/metrics/prometheus-gauges.ts';
import { readHistory } from '#adapters/metrics/prometheus-history.ts';
import {
  type CounterQuery,
  type LookDeps,
  lookBefore,
  lookForAll,
  lookFresh,
  type Moment,
  type PrometheusSource,
  queriesOf,
} from '#adapters/metrics/prometheus-looks.ts';
import {
  countsOf,
  type LooksByQuery,
  strangersIn,
  type Tally,
  tallied,
} from '#adapters/metrics/prometheus-tally.ts';
import { asReading, type Unknown } from '#adapters/metrics/unknown.ts';
import type { Reading } from '#domain/evidence.ts';
import type { Result } from '#domain/result.ts';
import { DAY_MS, elapsedMs, type Instant } from '#domain/time.ts';
import type { MetricsQuestion, MetricsReader } from '#operations/metrics-source.ts';

/** What is remembered of one question: the totals, and the last answer, for whoever asks again. */
type Place = { tally?: Tally; reading?: Reading; askedAt: Instant; turn: Promise<unknown> };

const READING_MS_MAX = 5_000;
/** Prometheus itself runs 20 queries at once by default. The past must never delay the present. */
const ASKS_AT_ONCE_MAX = { reading: 12, history: 4 };

export function createPrometheusReader(): MetricsReader {
  const deps: LookDeps = { ask: createPrometheusClient(ASKS_AT_ONCE_MAX.reading) };
  const pastDeps: LookDeps = { ask: createPrometheusClient(ASKS_AT_ONCE_MAX.history) };
  const places = new Map<string, Place>();

  const read = async (question: MetricsQuestion): Promise<Reading> => {
    const source = question.metrics;
    if (source.source !== 'prometheus') return asReading(notPrometheus);
    const place = placeOf(places, question);
    // Readings take turns, for two at once would each add to totals the other does not know.
    const reading = place.turn.then(() => readInTurn(deps, question, source, place));
    place.turn = reading.catch(() => undefined);
    return reading;
  };
  const history: MetricsReader['history'] = async (question, windows, windowMs) => {
    const source = question.metrics;
    if (source.source !== 'prometheus') return [];
    return readHistory(pastDeps, question, source, { windows, windowMs });
  };
  return { read, history };
}

const notPrometheus: Unknown = {
  reason: 'misconfigured',
  detail: 'this service is not counted in Prometheus',
};

async function readInTurn(
  deps: LookDeps,
  question: MetricsQuestion,
  source: PrometheusSource,
  place: Place,
): Promise<Reading> {
  const { at } = question;
  if (place.reading && place.tally?.at === at) return place.reading;
  // After the clock went back the totals begin again: the past has seen less than they hold.
  const before = place.tally && place.tally.at < at ? place.tally : undefined;
  // A poll must be over before the next one is due.
  const signal = AbortSignal.timeout(Math.min(READING_MS_MAX, question.pollMs / 2));
  const moment: Moment = { source, at, signal };
  const [tally, gauges] = await Promise.all([
    tallyNow(deps, question, moment, before),
    readGauges(deps, question, moment),
  ]);
  if (!tally.ok) return asReading(tally.refusal);
  place.tally = tally.value;
  place.reading = {
    says: 'counted',
    at,
    candidate: countsOf(tally.value, 'candidate'),
    stable: countsOf(tally.value, 'stable'),
    ...(question.customGuards.length > 0 && { gauges }),
  };
  return place.reading;
}

async function tallyNow(
  deps: LookDeps,
  question: MetricsQuestion,
  moment: Moment,
  before: Tally | undefined,
): Promise<Result<Tally, Unknown>> {
  const candidate = queriesOf(question, moment.source, 'candidate');
  if (!candidate.ok) return candidate;
  const stable = queriesOf(question, moment.source, 'stable');
  if (!stable.ok) return stable;
  const queries = [...candidate.value, ...stable.value];
  const looks = await lookForAll(deps, queries, moment, lookFresh);
  if (!looks.ok) return looks;
  const earlier = before && (await lookForStrangers(deps, queries, looks.value, moment, before));
  if (earlier && !earlier.ok) return earlier;
  return tallied(before, looks.value, moment.at, earlier?.value);
}

/** Mostly there are none, and then nothing is asked. */
async function lookForStrangers(
  deps: LookDeps,
  queries: readonly CounterQuery[],
  looks: LooksByQuery,
  moment: Moment,
  before: Tally,
): Promise<Result<LooksByQuery, Unknown>> {
  const strangers = strangersIn(before, looks);
  const unsure = queries.filter((query) =>
    strangers.some(({ name, arm }) => name === query.name && arm === query.arm),
  );
  return lookForAll(deps, unsure, { ...moment, at: before.at }, lookBefore);
}

function placeOf(places: Map<string, Place>, question: MetricsQuestion): Place {
  const { service, environment, candidate, stable, metrics, at } = question;
  for (const [key, { askedAt }] of places) {
    // Of a question nobody asks any more, the totals are forgotten with it.
    if (elapsedMs(askedAt, at) > DAY_MS) places.delete(key);
  }
  const key = JSON.stringify([service, environment, candidate, stable, metrics]);
  const place = places.get(key) ?? { askedAt: at, turn: Promise.resolve() };
  place.askedAt = at;
  places.set(key, place);
  return place;
}
