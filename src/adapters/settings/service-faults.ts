// What does not fit together within one service, though each value on its own is fine.

import type { WrittenGuard } from '#adapters/settings/guards-schema.ts';
import { type WrittenLadder, weightsOf } from '#adapters/settings/ladder.ts';
import type { HistogramName } from '#domain/evidence.ts';
import { HISTOGRAM_QUERIES, type MetricsSource, type PrometheusQueryName } from '#domain/plan.ts';
import { type Line, linesOf } from '#domain/policy/line.ts';
import { DEFAULT_GUARDS } from '#domain/policy/policy.ts';

type Fault = { readonly key: readonly (string | number)[]; readonly message: string };
type Written = WrittenLadder & {
  readonly holdback: number;
  readonly risk_budget?: number | undefined;
  readonly metrics: MetricsSource;
  readonly guards: ReadonlyMap<string, WrittenGuard>;
};

type Queries = { readonly [Name in PrometheusQueryName]?: string };

export function faultsOfService(service: Written): readonly Fault[] {
  return [
    ...faultsOfLadder(service),
    ...faultsOfApproval(service),
    ...faultsOfHoldback(service),
    ...faultsOfBudget(service),
    ...faultsOfGuards(service),
  ];
}

function faultsOfLadder(ladder: WrittenLadder): readonly Fault[] {
  const weights = weightsOf(ladder);
  const at = (index: number, message: string): Fault => ({ key: ['steps', index], message });
  if (ladder.strategy === 'blue-green' && weights.some((weight) => weight > 0 && weight < 100)) {
    const message = 'are 0 and 100 at most in a blue-green release, which shares no traffic';
    return [{ key: ['steps'], message }];
  }
  if (weights.length === 0) return [{ key: ['steps'], message: 'need at least the weight 100' }];
  const faults = weights.flatMap((weight, index) => {
    const before = weights[index - 1];
    if (before === undefined || weight > before) return [];
    return [
      weight === 0
        ? at(index, 'is 0, for testers only, which can only be the first step')
        : at(index, `must rise: ${weight} comes after ${before}`),
    ];
  });
  if (faults.length > 0 || weights.at(-1) === 100) return faults;
  // A release that ended lower would give the rest of the traffic away at completion, unasked.
  return [
    at(weights.length - 1, 'must be 100 at last; to keep some traffic on stable use holdback'),
  ];
}

function faultsOfApproval(ladder: WrittenLadder): readonly Fault[] {
  const { approval } = ladder;
  if (typeof approval === 'boolean') return [];
  const weights = weightsOf(ladder);
  return approval.flatMap((weight, index) =>
    weights.includes(weight)
      ? []
      : [
          {
            key: ['approval', index],
            message: `${weight} is no step; the steps are ${weights.join(', ')}`,
          },
        ],
  );
}

function faultsOfHoldback(service: Written): readonly Fault[] {
  const { holdback } = service;
  const before = weightsOf(service).at(-2) ?? 0;
  if (holdback < 100 - before) return [];
  const step = before > 0 ? `than the step of ${before} % before it` : 'than nothing';
  return [{ key: ['holdback'], message: `leaves the last step no more ${step}; lower it` }];
}

function faultsOfBudget({ risk_budget: budget }: Written): readonly Fault[] {
  if (budget !== 0) return [];
  const message = 'is 0, which no evidence can show; leave it out for the default';
  return [{ key: ['risk_budget'], message }];
}

function faultsOfGuards({ guards, metrics }: Written): readonly Fault[] {
  const queries = metrics.source === 'prometheus' ? metrics.queries : undefined;
  const faults = [...guards].flatMap(([name, written]): Fault[] => {
    if (written.kind === 'custom') {
      const message = 'needs metrics: { source: prometheus, … }';
      return queries ? [] : [{ key: ['guards', name], message }];
    }
    const missing = queries ? missingQueries(linesOf([written.guard]), queries) : [];
    if (missing.length === 0) return [];
    return [{ key: ['guards', name], message: `can never be judged without ${asKeys(missing)}` }];
  });
  if (guards.size > 0 || !queries) return faults;
  // The latency of the usual guards is looked at only where it is counted.
  const usual = DEFAULT_GUARDS.filter(({ name }) => !name.startsWith('latency'));
  const missing = missingQueries(linesOf(usual), queries);
  if (missing.length === 0) return faults;
  const message = `needs ${asKeys(missing)} for the guards that hold without a guards section`;
  return [...faults, { key: ['metrics', 'queries'], message }];
}

const asKeys = (missing: readonly PrometheusQueryName[]) =>
  missing.map((name) => `metrics.queries.${name}`).join(' and ');

function missingQueries(lines: readonly Line[], queries: Queries): readonly PrometheusQueryName[] {
  const needed = lines.flatMap(({ measure }): PrometheusQueryName[] =>
    measure.kind === 'share' ? [measure.of, measure.bad] : [histogramQuery(measure.of)],
  );
  return [...new Set(needed)].filter((name) => !queries[name]);
}

const histogramQuery = (histogram: HistogramName): PrometheusQueryName =>
  HISTOGRAM_QUERIES.latency_bucket === histogram ? 'latency_bucket' : 'cost_bucket';
