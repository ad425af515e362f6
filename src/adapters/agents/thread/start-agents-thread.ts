import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { AgentDeps } from '#adapters/agents/agent-deps.ts';
import type { AgentCounts } from '#adapters/agents/agent-telemetry.ts';
import type { Obedience } from '#adapters/agents/obedience.ts';
import { openLine } from '#adapters/agents/thread/line.ts';
import type { AgentsSide, AgentsThreadData, MainSide } from '#adapters/agents/thread/sides.ts';
import type { Telemetry } from '#adapters/telemetry.ts';
import type { Applied } from '#domain/service.ts';
import { changeBetween } from '#domain/snapshot-change.ts';

export type AgentsThreadDeps = Pick<
  AgentDeps,
  'snapshots' | 'tokens' | 'killOn' | 'refuseKillOff' | 'pipeline' | 'log'
> & {
  readonly logDoors: LogDoors;
  readonly telemetry: Pick<Telemetry, 'agents' | 'scrape'>;
};

/** Where agents' logs come in. */
export type LogDoors = Pick<MainSide, 'ingest' | 'ingestTogether' | 'stageLogs'>;

/** Where it listens, and the file that begins the thread. */
export type AgentsThreadOptions = Pick<
  AgentsThreadData,
  'host' | 'port' | 'journal' | 'secrets'
> & {
  readonly file: URL;
};

/** The thread that answers agents, as the main one sees it. */
export type AgentsThread = {
  readonly port: number;
  readonly obedienceOf: (switchName: string) => Promise<Obedience>;
  /** What agents are answered at this moment. */
  readonly trafficOf: (service: string) => Promise<Applied>;
  readonly isKilled: (switchName: string) => Promise<boolean>;
  readonly hide: (secrets: readonly string[]) => void;
  readonly counted: () => Promise<AgentCounts>;
  readonly close: () => Promise<void>;
};

const CLOSE_MS_MAX = 4_000;

export async function startAgentsThread(
  deps: AgentsThreadDeps,
  { file, ...where }: AgentsThreadOptions,
): Promise<AgentsThread> {
  const { snapshots, tokens } = deps;
  let known = snapshots.current();
  const workerData: AgentsThreadData = { ...where, tokens, snapshot: known };
  const worker = new Worker(file, { workerData });
  const agents = openLine<AgentsSide>(worker, mainSide(deps));
  // Without it nobody answers agents: whatever ended it ends the process too, and a new one starts.
  worker.on('error', (cause) => {
    throw new Error('The thread that answers agents has died', { cause });
  });
  const unsubscribe = snapshots.subscribe(() => {
    const next = snapshots.current();
    const change = changeBetween(known, next);
    known = next;
    if (change) agents.tell('follow', change);
  });
  const ended = once(worker, 'exit');
  const listening = agents.ask('port').catch(async (problem) => {
    unsubscribe();
    await worker.terminate();
    throw problem;
  });
  return {
    port: await listening,
    obedienceOf: (name) => agents.ask('obedienceOf', name),
    trafficOf: (service) => agents.ask('trafficOf', service),
    isKilled: (name) => agents.ask('isKilled', name),
    hide: (secrets) => agents.tell('hide', secrets),
    counted: () => agents.ask('counted'),
    close: async () => {
      unsubscribe();
      const late = setTimeout(() => void worker.terminate(), CLOSE_MS_MAX);
      agents.tell('close');
      await ended;
      clearTimeout(late);
    },
  };
}

const mainSide = (deps: AgentsThreadDeps): MainSide => ({
  ...deps.pipeline,
  ...deps.logDoors,
  killOn: deps.killOn,
  refuseKillOff: deps.refuseKillOff,
  scrape: deps.telemetry.scrape,
  pushed: deps.telemetry.agents.pushed,
  log: ({ level, details, message }) => deps.log[level](details, message),
  areYouThere: () => {},
});
