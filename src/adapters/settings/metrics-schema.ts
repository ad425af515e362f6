// Where the versions of a service are counted.

import type { z } from 'zod';
import { counterQuery } from '#adapters/settings/query-values.ts';
import { either, oneOf, section } from '#adapters/settings/shapes.ts';
import { duration, webAddress } from '#adapters/settings/values.ts';
import type { MetricsSource } from '#domain/plan.ts';
import { MINUTE_MS } from '#domain/time.ts';

/** What Prometheus itself does when nobody says how often it scrapes. */
const SCRAPE_INTERVAL_MS = MINUTE_MS;

const source = oneOf(
  ['agent-logs', 'prometheus'],
  'is missing; write source: agent-logs or source: prometheus',
);

const agentLogs = section({ source }).transform((): MetricsSource => ({ source: 'agent-logs' }));

const queries = section({
  requests: counterQuery('requests'),
  errors: counterQuery('errors').optional(),
  tool_calls: counterQuery('tool_calls').optional(),
  tool_failures: counterQuery('tool_failures').optional(),
  injections: counterQuery('injections').optional(),
  unexpected_tools: counterQuery('unexpected_tools').optional(),
  goals: counterQuery('goals').optional(),
  goals_missed: counterQuery('goals_missed').optional(),
  feedback: counterQuery('feedback').optional(),
  negative_feedback: counterQuery('negative_feedback').optional(),
  latency_bucket: counterQuery('latency_bucket').optional(),
  cost_bucket: counterQuery('cost_bucket').optional(),
});

const prometheus = section({
  source,
  url: webAddress,
  queries,
  scrape_interval: duration.default(SCRAPE_INTERVAL_MS),
}).transform(
  (written): MetricsSource => ({
    source: 'prometheus',
    url: written.url,
    queries: withoutGaps(written.queries),
    scrapeIntervalMs: written.scrape_interval,
  }),
);

export const metricsSchema = either<MetricsSource>((value) =>
  sourceIn(value) === 'prometheus' ? prometheus : agentLogs,
);

const sourceIn = (value: unknown) =>
  typeof value === 'object' && value !== null && 'source' in value ? value.source : undefined;

/** A query that was not written is left out, not there as undefined: plans are compared by digest. */
function withoutGaps(written: z.output<typeof queries>) {
  const asked = Object.entries(written).filter(([, query]) => query !== undefined);
  return Object.fromEntries(asked);
}
