// Agents that report what they served into a store of their own, on a clock that a test moves.

import { createAgentLogsReader } from '#adapters/metrics/agent-logs.ts';
import type { AgentLog } from '#domain/agent-log.ts';
import type { Assigned } from '#domain/evaluation.ts';
import { rollUp } from '#domain/roll-up.ts';
import { type Instant, later } from '#domain/time.ts';
import { createAgentLogStore } from '#store/sqlite/agent-log-store.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { noon } from '#test/support/builders.ts';
import type { Served } from '#test/support/scraped-agents.ts';

export function startReportingAgents() {
  const database = openDatabase(':memory:');
  const logs = createAgentLogStore(database);
  let now = noon;
  let batches = 0;
  const serve = (served: Served, assigned: Assigned = 'split') => {
    const items = Array.from({ length: served.requests ?? 1 }, () => logOf(served, assigned, now));
    batches += 1;
    const batch = { items: JSON.stringify(items), rollUps: rollUp(items) };
    logs.record([{ ...batch, at: now, digest: `${batches}` }]);
  };
  return {
    reader: createAgentLogsReader({ logs, defaultEnvironment: () => 'production' }),
    metrics: { source: 'agent-logs' as const },
    serve,
    settled: async () => {
      now = later(now, 1);
      return now;
    },
    reached: (at: Instant) => {
      now = at;
    },
    serveInThePast: async (served: readonly Served[], widthMs: number) => {
      const start = later(now, widthMs - (now % widthMs));
      for (const [nth, one] of served.entries()) {
        now = later(start, (nth + 0.5) * widthMs);
        serve(one);
      }
      now = later(start, served.length * widthMs);
      return now;
    },
    stop: async () => {
      database.$client.close();
    },
  };
}

function logOf(served: Served, assigned: Assigned, at: Instant): AgentLog {
  const { service = 'support-agent', environment = 'production' } = served;
  return {
    service: environment === 'production' ? service : `${service}/${environment}`,
    version: served.version,
    at,
    success: !served.failed,
    toolCalls: served.toolCalls ?? 0,
    toolFailures: served.toolFailures ?? 0,
    injections: 0,
    unexpectedTools: 0,
    ...(served.latencyMs !== undefined && { latencyMs: served.latencyMs }),
    ...(served.costUsd !== undefined && { costUsd: served.costUsd }),
    assigned,
  };
}
