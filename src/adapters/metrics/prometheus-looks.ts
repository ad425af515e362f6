// Looks at the counters of both versions at one moment, and at how old they are.

import { onlyNumberOf, rowsOf } from '#adapters/metrics/prometheus-answer.ts';
import type { AskPrometheus } from '#adapters/metrics/prometheus-client.ts';
import {
  boundScaleOf,
  faultOfCounterQuery,
  selectorsOf,
} from '#adapters/metrics/prometheus-counter-query.ts';
import { fillQuery } from '#adapters/metrics/prometheus-query.ts';
import {
  countersIn,
  histogramsIn,
  type Look,
  pastHistogramsIn,
} from '#adapters/metrics/prometheus-series.ts';
import {
  type ArmName,
  isHistogramQuery,
  type Looks,
  type LooksByQuery,
} from '#adapters/metrics/prometheus-tally.ts';
import { type Unknown, unknown } from '#adapters/metrics/unknown.ts';
import type { MetricsSource, PrometheusQueryName } from '#domain/plan.ts';
import { no, type Result, yes } from '#domain/result.ts';
import { type Instant, inWords } from '#domain/time.ts';
import type { MetricsQuestion } from '#operations/metrics-source.ts';

export type PrometheusSource = Extract<MetricsSource, { source: 'prometheus' }>;
/** One query of one arm, ready to be sent. */
export type CounterQuery = {
  readonly name: PrometheusQueryName;
  readonly arm: ArmName;
  readonly version: string;
  readonly query: string;
  /** What turns the bounds of its buckets into ms or dollars. */
  readonly boundScale: number;
};
export type LookDeps = { readonly ask: AskPrometheus };
export type Moment = {
  readonly source: PrometheusSource;
  readonly at: Instant;
  readonly signal: AbortSignal;
};

/** Every configured query of one arm, or the first one that must not be asked. */
export function queriesOf(
  question: MetricsQuestion,
  source: PrometheusSource,
  arm: ArmName,
): Result<readonly CounterQuery[], Unknown> {
  const { service, environment } = question;
  const version = question[arm];
  const queries: CounterQuery[] = [];
  for (const name of Object.keys(source.queries) as readonly PrometheusQueryName[]) {
    const template = source.queries[name];
    if (template === undefined) continue;
    const fault = faultOfCounterQuery(name, template);
    if (fault) return unknown('misconfigured', fault);
    const filled = fillQuery(name, template, { service, version, environment });
    if (!filled.ok) return unknown('misconfigured', filled.refusal.words);
    const boundScale = boundScaleOf(name, template) ?? 1;
    queries.push({ name, arm, version, query: filled.value, boundScale });
  }
  return yes(queries);
}

export type LookOnce = (
  deps: LookDeps,
  counter: CounterQuery,
  moment: Moment,
) => Promise<Result<Look, Unknown>>;

/** Looks once for each query, all at the same moment; one that fails spoils the whole. */
export async function lookForAll(
  deps: LookDeps,
  queries: readonly CounterQuery[],
  moment: Moment,
  look: LookOnce,
): Promise<Result<LooksByQuery, Unknown>> {
  const looked = await Promise.all(
    queries.map(async (counter) => ({ counter, found: await look(deps, counter, moment) })),
  );
  const looks = new Map<PrometheusQueryName, Looks>();
  for (const { counter, found } of looked) {
    if (!found.ok) return found;
    const { name, arm } = counter;
    const both = looks.get(name) ?? { candidate: new Map(), stable: new Map() };
    looks.set(name, { ...both, [arm]: found.value });
  }
  return yes(looks);
}

/** What a query finds at the moment, when all of it is fresh. */
export const lookFresh: LookOnce = async (deps, counter, moment) => {
  const [look, fresh] = await Promise.all([
    lookAt(deps, counter, moment),
    findSamples(deps, counter.query, moment),
  ]);
  if (!fresh.ok) return named(counter, fresh);
  // Without one sample behind it a row is made up, as `or vector(0)` does, and says nothing.
  return look.ok && !fresh.value ? yes(new Map()) : look;
};

export const lookAt: LookOnce = async (deps, counter, moment) => {
  const { name, query, boundScale } = counter;
  const rows = await rowsAt(deps, query, moment);
  if (!rows.ok) return named(counter, rows);
  const isHistogram = isHistogramQuery(name);
  return named(
    counter,
    isHistogram ? histogramsIn(rows.value, boundScale) : countersIn(rows.value),
  );
};

/** For series met for the first time: what they had counted in the hour before the moment. */
export const lookBefore: LookOnce = async (deps, counter, moment) => {
  const { name, query, boundScale } = counter;
  const step = `${Math.ceil(moment.source.scrapeIntervalMs)}ms`;
  const rows = await rowsAt(deps, `last_over_time((${query})[1h:${step}])`, moment);
  if (!rows.ok) return named(counter, rows);
  const isHistogram = isHistogramQuery(name);
  return named(
    counter,
    isHistogram ? pastHistogramsIn(rows.value, boundScale) : countersIn(rows.value),
  );
};

async function rowsAt({ ask }: LookDeps, query: string, { source, at, signal }: Moment) {
  const answer = await ask({ url: source.url, query, at, signal });
  return answer.ok ? rowsOf(answer.value) : answer;
}

/**
 * Whether there are samples behind a query at all. Prometheus goes on serving a value for five
 * minutes after it was measured, so the oldest sample must not be older than two scrapes.
 */
export async function findSamples(
  deps: LookDeps,
  query: string,
  moment: Moment,
): Promise<Result<boolean, Unknown>> {
  const { source, at } = moment;
  const ages = selectorsOf(query).map(async (selector) => {
    const rows = await rowsAt(deps, `min(timestamp(${selector}))`, moment);
    if (!rows.ok) return rows;
    if (rows.value.length === 0) return yes(undefined);
    const seconds = onlyNumberOf(rows.value);
    return seconds.ok ? yes(at - seconds.value * 1_000) : seconds;
  });
  let found = false;
  for (const age of await Promise.all(ages)) {
    if (!age.ok) return age;
    if (age.value === undefined) continue;
    found = true;
    if (age.value > 2 * source.scrapeIntervalMs) {
      const limit = `two scrape intervals of ${inWords(source.scrapeIntervalMs)}`;
      return unknown('stale', `a sample is ${inWords(age.value)} old, more than ${limit}`);
    }
  }
  return yes(found);
}

function named<Value>(
  { name, version }: CounterQuery,
  result: Result<Value, Unknown>,
): Result<Value, Unknown> {
  if (result.ok) return result;
  const { reason, detail } = result.refusal;
  return no({ reason, detail: `${name} of ${version}: ${detail}` });
}
