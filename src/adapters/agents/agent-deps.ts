import type { AgentCounts, AgentTelemetry } from '#adapters/agents/agent-telemetry.ts';
import type { AgentToken } from '#adapters/agents/agent-token.ts';
import type { Pipeline } from '#adapters/agents/pipeline.ts';
import type { PublishedSnapshot } from '#adapters/agents/published-snapshot.ts';
import type { Actor } from '#domain/actor.ts';
import type { Result } from '#domain/result.ts';
import type { Instant } from '#domain/time.ts';
import type { AgentLogBatch, Ingested } from '#operations/ingest-agent-logs.ts';
import type { Scrub } from '#operations/withhold-secrets.ts';

/** A refusal as a program reads it: a code from a closed list, and the sentence people get. */
export type Refused = { readonly code: string; readonly words: string };

export type KillRequest = {
  readonly name: string;
  readonly reason: string;
  readonly by: Actor;
  /** Under which it stands in the journal already: the same kill is committed once. */
  readonly key?: string;
};

export type Killed = {
  readonly already: boolean;
  /** Survives a restart: it is committed, or stands in the journal until it is. */
  readonly durable: boolean;
};

/** What the agents' port needs of the rest. Everything that can refuse does so with a value. */
export type AgentDeps = {
  readonly snapshots: PublishedSnapshot;
  /** Empty: callers on this machine may do everything in the default environment. */
  readonly tokens: readonly AgentToken[];
  /** Keeps a batch that was read whole, and says what in it is unknown. */
  readonly ingest: (batch: AgentLogBatch) => Promise<Ingested>;
  readonly killOn: (request: KillRequest) => Promise<Result<Killed, Refused>>;
  /** Letting go takes a person: the register hears who tried, and the caller why not. */
  readonly refuseKillOff: (request: KillRequest) => Promise<Refused>;
  readonly pipeline: Pipeline;
  readonly health: () => Health;
  readonly telemetry: AgentTelemetry;
  readonly scrape: (counts: AgentCounts) => Promise<Scrape>;
  readonly scrub: Scrub;
  readonly clock: () => Instant;
  /** Milliseconds that never jump, for limits and for measuring. */
  readonly monotonicMs: () => number;
  readonly log: AgentLogger;
};

/** What keeps the process from being live or ready; both are empty when it is. */
export type Health = { readonly dead: readonly string[]; readonly unready: readonly string[] };

/** The page for Prometheus. */
export type Scrape = { readonly contentType: string; readonly page: string };

export type AgentLogger = {
  readonly info: (details: object, message: string) => void;
  readonly warn: (details: object, message: string) => void;
  readonly error: (details: object, message: string) => void;
};
