// PromQL templates in the settings: read once here, so that a bad one is found before a release.

import { faultOfCounterQuery } from '#adapters/metrics/prometheus-counter-query.ts';
import { fillQuery } from '#adapters/metrics/prometheus-query.ts';
import { single } from '#adapters/settings/shapes.ts';
import type { PrometheusQueryName } from '#domain/plan.ts';
import { no, yes } from '#domain/result.ts';

/** What stands in for the slots while a query is only looked at. */
const SAMPLE_SLOTS = { service: 'a', version: '1.0.0', environment: 'production' };

/** A query of one version's counters as they are. */
export const counterQuery = (name: PrometheusQueryName) =>
  single<string>((template) => {
    const fault = faultOfCounterQuery(name, template) ?? faultOfSlots(name, template);
    return fault ? no(withoutName(name, fault)) : yes(template);
  });

/** An own probe: any query that gives one number. */
export const gaugeQuery = single<string>((template) => {
  const fault = faultOfSlots('query', template);
  return fault ? no(withoutName('query', fault)) : yes(template);
});

function faultOfSlots(name: string, template: string): string | undefined {
  const filled = fillQuery(name, template, SAMPLE_SLOTS);
  return filled.ok ? undefined : filled.refusal.words;
}

/** The key in front of the problem names the query already. */
const withoutName = (name: string, words: string) =>
  words.replace(`The query ${name} `, '').replace(/\.$/, '');
