import { performance } from 'node:perf_hooks';
import { onTestFinished } from 'vitest';
import type { AgentDeps } from '#adapters/agents/agent-deps.ts';
import { type AgentServerOptions, startAgentServer } from '#adapters/agents/agent-server.ts';
import { createSnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import { createTelemetry } from '#adapters/telemetry.ts';
import { yes } from '#domain/result.ts';
import {
  emptySnapshot,
  type FlagRoute,
  type ServiceRoute,
  type Split,
  withService,
} from '#domain/snapshot.ts';
import { asInstant } from '#domain/time.ts';
import type { AgentLogRecord } from '#operations/ingest-agent-logs.ts';

export const aSplit = (split: Partial<Split> = {}): Split => ({
  release: 12,
  candidate: '2.4.0',
  weightPercent: 25,
  step: 3,
  testers: new Set(),
  bucketing: 1,
  ...split,
});

export const aService = (service: Partial<ServiceRoute> = {}): ServiceRoute => ({
  name: 'support-agent',
  stable: '2.3.3',
  pinnable: new Set(['2.3.3', '2.4.0']),
  ...service,
});

export const aFlag = (flag: Partial<FlagRoute> = {}): FlagRoute => ({
  key: 'new-search',
  state: 'off',
  percent: 0,
  allowed: new Set(),
  bucketing: 1,
  ...flag,
});

/** Keys as an application has them: no two alike, nothing special about any. */
export const users = (count: number) => Array.from({ length: count }, (_, n) => `user-${n}`);

/** A running agents' port over a snapshot with support-agent 2.3.3, and what it did. */
export async function agentsPort(
  given: Partial<AgentDeps> = {},
  options: Partial<AgentServerOptions> = {},
) {
  const snapshots = createSnapshotHolder(
    withService(emptySnapshot('production'), 'support-agent', aService()),
  );
  const telemetry = createTelemetry();
  const records: AgentLogRecord[] = [];
  const asked: unknown[] = [];
  const complaints: object[] = [];
  const deps: AgentDeps = {
    snapshots,
    tokens: [],
    recordAgentLogs: async (record) => {
      records.push(record);
      return { is: 'recorded' };
    },
    knownVersions: (service) =>
      service === 'support-agent' ? new Set(['2.3.3', '2.4.0']) : undefined,
    killOn: async (request) => {
      asked.push(request);
      snapshots.killNow(request.name);
      return yes({ already: false, durable: true });
    },
    refuseKillOff: async () => ({ code: 'off_needs_a_person', words: 'An operator in Slack.' }),
    registerVersion: async (request) => {
      asked.push(request);
      return yes({ known: false });
    },
    propose: async (request) => {
      asked.push(request);
      return yes({ release: 12, words: 'Proposed #12.' });
    },
    problems: () => [],
    telemetry: telemetry.agents,
    registry: telemetry.registry,
    clock: () => asInstant(Date.now()),
    monotonicMs: () => performance.now(),
    log: { info: () => {}, warn: () => {}, error: (details) => complaints.push(details) },
    ...given,
  };
  const server = await startAgentServer(deps, { host: '127.0.0.1', port: 0, ...options });
  onTestFinished(() => server.close());
  const url = `http://127.0.0.1:${server.port}`;

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    });
  const evaluate = (key: string, context: object, headers: Record<string, string> = {}) =>
    post(`/ofrep/v1/evaluate/flags/${key}`, { context }, headers);

  return { url, server, snapshots, telemetry, records, asked, complaints, post, evaluate };
}
