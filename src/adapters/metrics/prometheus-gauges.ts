// Reads the probes of own `custom_…` guards. Each fails by itself, and says how.

import { onlyNumberOf, rowsOf } from '#adapters/metrics/prometheus-answer.ts';
import { findSamples, type LookDeps, type Moment } from '#adapters/metrics/prometheus-looks.ts';
import { fillQuery } from '#adapters/metrics/prometheus-query.ts';
import type { UnknownReason } from '#domain/evidence.ts';
import type { CustomGuard } from '#domain/guard.ts';
import type { MetricsQuestion } from '#operations/metrics-source.ts';

export type Gauges = Readonly<Record<string, number | UnknownReason>>;

export async function readGauges(
  deps: LookDeps,
  question: MetricsQuestion,
  moment: Moment,
): Promise<Gauges> {
  const read = question.customGuards.map(
    async (guard) => [guard.name, await readGauge(deps, question, guard, moment)] as const,
  );
  return Object.fromEntries(await Promise.all(read));
}

async function readGauge(
  deps: LookDeps,
  { service, environment, candidate }: MetricsQuestion,
  { name, query }: CustomGuard,
  moment: Moment,
): Promise<number | UnknownReason> {
  // A probe watches what the release puts at risk, so $version is the candidate.
  const filled = fillQuery(name, query, { service, version: candidate, environment });
  if (!filled.ok) return 'misconfigured';
  const { source, at, signal } = moment;
  const [answer, samples] = await Promise.all([
    deps.ask({ url: source.url, query: filled.value, at, signal }),
    findSamples(deps, filled.value, moment),
  ]);
  if (!samples.ok) return samples.refusal.reason;
  const rows = answer.ok ? rowsOf(answer.value) : answer;
  const value = rows.ok ? onlyNumberOf(rows.value) : rows;
  return value.ok ? value.value : value.refusal.reason;
}
