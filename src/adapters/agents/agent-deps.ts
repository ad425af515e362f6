import type { Registry } from 'prom-client';
import type { AgentToken } from '#adapters/agents/agent-token.ts';
import type { SnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import type { AgentTelemetry } from '#adapters/telemetry.ts';
import type { Actor } from '#domain/actor.ts';
import type { Result } from '#domain/result.ts';
import type { Instant } from '#domain/time.ts';
import type { KnownVersions, RecordAgentLogs } from '#operations/ingest-agent-logs.ts';

/** A refusal as a program reads it: a code from a closed list, and the sentence people get. */
export type Refused = { readonly code: string; readonly words: string };

/** All names are as people write them: `support-agent`, or `support-agent/staging`. */
export type VersionRequest = {
  readonly service: string;
  readonly version: string;
  readonly commit?: string;
  readonly digest?: string;
  /** Link to the changes, for cards. */
  readonly link?: string;
  readonly components: readonly {
    readonly name: string;
    readonly version?: string;
    readonly reversibility: 'instant' | 'drain' | 'irreversible';
  }[];
  readonly by: Actor;
};

export type ReleaseRequest = {
  readonly service: string;
  readonly version: string;
  readonly strategy?: 'canary' | 'blue-green';
  readonly note: string;
  readonly by: Actor;
  /** From the `Idempotency-Key` header; the same key proposes once. */
  readonly idempotencyKey?: string;
};

export type KillRequest = { readonly name: string; readonly reason: string; readonly by: Actor };

export type Killed = {
  readonly already: boolean;
  /** Survives a restart: it is committed, or stands in the journal until it is. */
  readonly durable: boolean;
};

/** What the agents' port needs of the rest. Everything that can refuse does so with a value. */
export type AgentDeps = {
  readonly snapshots: SnapshotHolder;
  /** Empty: callers on this machine may do everything in the default environment. */
  readonly tokens: readonly AgentToken[];
  readonly recordAgentLogs: RecordAgentLogs;
  readonly knownVersions: KnownVersions;
  readonly killOn: (request: KillRequest) => Promise<Result<Killed, Refused>>;
  /** Letting go takes a person: the register hears who tried, and the caller why not. */
  readonly refuseKillOff: (request: KillRequest) => Promise<Refused>;
  readonly registerVersion: (
    request: VersionRequest,
  ) => Promise<Result<{ readonly known: boolean }, Refused>>;
  readonly propose: (
    request: ReleaseRequest,
  ) => Promise<Result<{ readonly release: number; readonly words: string }, Refused>>;
  /** What keeps the process from being ready; empty when it is. */
  readonly problems: () => readonly string[];
  readonly telemetry: AgentTelemetry;
  readonly registry: Registry;
  readonly clock: () => Instant;
  /** Milliseconds that never jump, for limits and for measuring. */
  readonly monotonicMs: () => number;
  readonly log: AgentLogger;
};

export type AgentLogger = {
  readonly info: (details: object, message: string) => void;
  readonly warn: (details: object, message: string) => void;
  readonly error: (details: object, message: string) => void;
};
