/** What the two threads can ask and tell each other; see docs/adr/0009. */
import type { AgentDeps, AgentLogger, Scrape } from '#adapters/agents/agent-deps.ts';
import type { AgentCounts } from '#adapters/agents/agent-telemetry.ts';
import type { AgentToken } from '#adapters/agents/agent-token.ts';
import type { Obedience } from '#adapters/agents/obedience.ts';
import type { Pipeline } from '#adapters/agents/pipeline.ts';
import type { Applied } from '#domain/service.ts';
import type { Snapshot } from '#domain/snapshot.ts';
import type { SnapshotChange } from '#domain/snapshot-change.ts';
import type { Instant } from '#domain/time.ts';
import type { AgentLogBatch, Ingested } from '#operations/ingest-agent-logs.ts';
import type { LogPart } from '#store/agent-logs.ts';

/** What the agents' thread begins with. */
export type AgentsThreadData = {
  readonly host: string;
  readonly port: number;
  readonly tokens: readonly AgentToken[];
  readonly snapshot: Snapshot;
  /** Where kills are durable before the main thread hears of them. */
  readonly journal: string;
  /** What is taken out of whatever is said here. */
  readonly secrets: readonly string[];
};

/** The main thread decides and stores. */
export type MainSide = Pipeline & {
  /** A long batch, all of which was staged. */
  readonly ingest: AgentDeps['ingest'];
  readonly ingestTogether: (batches: readonly AgentLogBatch[]) => readonly Ingested[];
  readonly stageLogs: (staged: StagedPart) => void;
  readonly killOn: AgentDeps['killOn'];
  readonly refuseKillOff: AgentDeps['refuseKillOff'];
  readonly scrape: (counts: AgentCounts) => Promise<Scrape>;
  readonly pushed: (seconds: number) => void;
  readonly log: (line: LogLine) => void;
  /** Any answer will do: it says that the main thread is not stuck. */
  readonly areYouThere: () => void;
};

/** A part of a long batch, sent ahead so that no message is long. */
export type StagedPart = {
  readonly batch: string;
  readonly part: LogPart;
  readonly at: Instant;
};

export type LogLine = {
  readonly level: keyof AgentLogger;
  readonly details: object;
  readonly message: string;
};

/** The agents' thread answers agents. */
export type AgentsSide = {
  /** The port it listens on, once it does. */
  readonly port: () => Promise<number>;
  readonly follow: (change: SnapshotChange) => void;
  /** Secrets of a configuration that was reloaded; what was hidden before stays so. */
  readonly hide: (secrets: readonly string[]) => void;
  readonly obedienceOf: (switchName: string) => Promise<Obedience>;
  readonly trafficOf: (service: string) => Applied;
  /** Does an agent that asks for this switch hear that it is on? */
  readonly isKilled: (switchName: string) => boolean;
  /** What was counted here until now. */
  readonly counted: () => AgentCounts;
  readonly close: () => Promise<void>;
};
