// Counts both versions in what agents reported themselves: running totals that stand in the store,
// survive a restart and never fall.

import { asReading } from '#adapters/metrics/unknown.ts';
import { COUNTER_NAMES, type Counts, type Reading } from '#domain/evidence.ts';
import { later, MINUTE_MS } from '#domain/time.ts';
import type { MetricsQuestion, MetricsReader } from '#operations/metrics-source.ts';
import type { AgentLogStore } from '#store/sqlite/agent-log-store.ts';

export type AgentLogsDeps = {
  readonly logs: Pick<AgentLogStore, 'totals' | 'drawn' | 'stretches'>;
  readonly defaultEnvironment: () => string;
};

/** Testers and pinned sessions did not draw their version by lot, so they are no evidence. */
const SPLIT = 'split';

export function createAgentLogsReader(deps: AgentLogsDeps): MetricsReader {
  return {
    read: async (question) => readTotals(deps, question),
    history: async (question, windows, windowMs) => {
      // The minute that is running is not whole yet, and minutes are the finest that is kept.
      const to = later(question.at, -(question.at % MINUTE_MS));
      const widthMs = Math.max(windowMs, MINUTE_MS);
      const from = later(to, -windows * widthMs);
      const span = { version: question.stable, assigned: SPLIT, from, to, widthMs };
      return deps.logs.stretches({ service: nameOf(deps, question), ...span });
    },
  };
}

function readTotals(deps: AgentLogsDeps, question: MetricsQuestion): Reading {
  const service = nameOf(deps, question);
  const candidate = deps.logs.totals(service, question.candidate, SPLIT);
  const stable = deps.logs.totals(service, question.stable, SPLIT);
  if (!candidate && !stable) {
    const versions = `${question.candidate} and ${question.stable}`;
    return asReading({ reason: 'empty', detail: `no agent reported for ${versions} yet` });
  }
  const drawn = question.inStep && deps.logs.drawn(question.inStep.release, question.inStep.step);
  const withKeys = (counts: Counts, version: string): Counts =>
    drawn ? { ...counts, keys: drawn.get(version) ?? 0 } : counts;
  return {
    says: 'counted',
    at: question.at,
    candidate: withKeys(candidate?.counts ?? NOTHING_YET, question.candidate),
    stable: withKeys(stable?.counts ?? NOTHING_YET, question.stable),
  };
}

/** A version that never reported has counted nothing of anything, which is known to be zero. */
const NOTHING_YET: Counts = {
  ...Object.fromEntries(COUNTER_NAMES.map((name) => [name, 0])),
  requests: 0,
};

const nameOf = (
  { defaultEnvironment }: AgentLogsDeps,
  { service, environment }: MetricsQuestion,
) => (environment === defaultEnvironment() ? service : `${service}/${environment}`);
