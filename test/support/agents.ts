import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { onTestFinished } from 'vitest';
import type { AgentDeps } from '#adapters/agents/agent-deps.ts';
import { type AgentServerOptions, startAgentServer } from '#adapters/agents/agent-server.ts';
import { createAgentTelemetry } from '#adapters/agents/agent-telemetry.ts';
import { createPipeline, type PipelinePorts } from '#adapters/agents/pipeline.ts';
import { createSnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import { type LogDoors, startAgentsThread } from '#adapters/agents/thread/start-agents-thread.ts';
import { createScrubber } from '#adapters/scrubber.ts';
import { createTelemetry } from '#adapters/telemetry.ts';
import type { AgentLog } from '#domain/agent-log.ts';
import { yes } from '#domain/result.ts';
import {
  emptySnapshot,
  type FlagRoute,
  type ServiceRoute,
  type Split,
  withService,
} from '#domain/snapshot.ts';
import { asInstant } from '#domain/time.ts';
import {
  type AgentLogBatch,
  type IngestDeps,
  ingestAgentLogs,
  ingestTogether,
  type KnownVersions,
} from '#operations/ingest-agent-logs.ts';
import { createPace } from '#operations/pace.ts';
import type { LogKeeper, LogPart } from '#store/agent-logs.ts';
import { aFolder } from '#test/support/store.ts';

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

const knownVersions: KnownVersions = (service) =>
  service === 'support-agent' ? new Set(['2.3.3', '2.4.0']) : undefined;

/** What a record holds, item by item. */
export const itemsOf = ({ items }: LogPart): readonly AgentLog[] => JSON.parse(items);

/** Keys as an application has them: no two alike, nothing special about any. */
export const users = (count: number) => Array.from({ length: count }, (_, n) => `user-${n}`);

type Given = Partial<AgentDeps & PipelinePorts & Pick<LogKeeper, 'record'>>;

/** What stands behind an agents' port: support-agent 2.3.3, and a note of what it was asked. */
function behind({ record, registerVersion, propose, ...given }: Given) {
  const snapshots = createSnapshotHolder(
    withService(emptySnapshot('production'), 'support-agent', aService()),
  );
  const telemetry = createTelemetry();
  const records: (LogPart & Pick<AgentLogBatch, 'idempotencyKey'>)[] = [];
  const asked: unknown[] = [];
  const complaints: object[] = [];
  const noting =
    <Answer>(answer: Answer) =>
    async (request: unknown) => {
      asked.push(request);
      return answer;
    };
  const keepWhole: LogKeeper['record'] = (batches) => {
    records.push(...batches);
    return batches.map(() => ({ is: 'recorded' }));
  };
  const staged = new Map<string, readonly LogPart[]>();
  const logs: IngestDeps['logs'] = {
    record: record ?? keepWhole,
    stage: (batch, part) => void staged.set(batch, [...(staged.get(batch) ?? []), part]),
    seal: (batch, about) => {
      for (const part of staged.get(batch) ?? []) records.push({ ...about, ...part });
      return { is: 'recorded' };
    },
    countSealed: () => false,
  };
  const paced = createPace(() => performance.now());
  const ingesting = { logs, paced, uniqueId: randomUUID, knownVersions };
  const deps: AgentDeps = {
    snapshots,
    tokens: [],
    ingest: (batch) => ingestAgentLogs(ingesting, batch),
    killOn: async (request) => {
      asked.push(request);
      snapshots.killNow(request.name);
      return yes({ already: false, durable: true });
    },
    refuseKillOff: async () => ({ code: 'off_needs_a_person', words: 'An operator in Slack.' }),
    pipeline: createPipeline({
      registerVersion: registerVersion ?? noting(yes({ known: false })),
      propose: propose ?? noting(yes({ release: 12, words: 'Proposed #12.' })),
    }),
    health: () => ({ dead: [], unready: [] }),
    telemetry: createAgentTelemetry(telemetry.agents.pushed),
    scrape: telemetry.scrape,
    scrub: createScrubber([]),
    clock: () => asInstant(Date.now()),
    monotonicMs: () => performance.now(),
    log: { info: () => {}, warn: () => {}, error: (details) => complaints.push(details) },
    ...given,
  };
  const logDoors: LogDoors = {
    ingest: deps.ingest,
    ingestTogether: (batches) => ingestTogether(ingesting, batches),
    stageLogs: ({ batch, part, at }) => logs.stage(batch, part, at),
  };
  return { deps, logDoors, snapshots, telemetry, records, asked, complaints };
}

/** It runs in the test's own thread. */
export async function agentsPort(given: Given = {}, options: Partial<AgentServerOptions> = {}) {
  const { deps, logDoors: _, ...house } = behind(given);
  const server = await startAgentServer(deps, { host: '127.0.0.1', port: 0, ...options });
  onTestFinished(() => server.close());
  return { ...house, ...callersOf(server.port), server };
}

const THREAD = new URL('../../src/agents-thread.ts', import.meta.url);

/** It runs in a thread of its own, as it does in the started process. */
export async function agentsThread(given: Given = {}, port = 0) {
  const { deps, logDoors, ...house } = behind(given);
  const journal = join(aFolder(), 'signalman.db.journal');
  const options = { file: THREAD, host: '127.0.0.1', port, journal, secrets: [] };
  const thread = await startAgentsThread(
    { ...deps, logDoors, telemetry: house.telemetry },
    options,
  );
  onTestFinished(() => thread.close());
  return { ...house, ...callersOf(thread.port), thread, journal };
}

function callersOf(port: number) {
  const url = `http://127.0.0.1:${port}`;
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    });
  const evaluate = (key: string, context: object, headers: Record<string, string> = {}) =>
    post(`/ofrep/v1/evaluate/flags/${key}`, { context }, headers);
  return { url, port, post, evaluate };
}
