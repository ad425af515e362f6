import type { AgentLog } from '#domain/agent-log.ts';
import type { LogRollUp } from '#domain/roll-up.ts';
import type { Instant } from '#domain/time.ts';

/** A batch that was read whole, ready to be kept or known as a repeat. */
export type AgentLogRecord = {
  readonly logs: readonly AgentLog[];
  readonly rollUps: readonly LogRollUp[];
  readonly at: Instant;
  /** Sent by the client; a batch with a known key counts once. */
  readonly idempotencyKey?: string;
  /** Of the bytes received: the same key with another body is a client's mistake. */
  readonly digest: string;
};

export type RecordOutcome =
  | { readonly is: 'recorded' }
  /** The key was seen with the same digest: nothing is kept a second time. */
  | { readonly is: 'repeated' }
  /** The key was seen with another digest: nothing is kept at all. */
  | { readonly is: 'key_reused' };

/** What the store must be able to do: all of the record in one transaction, or nothing. */
export type RecordAgentLogs = (record: AgentLogRecord) => Promise<RecordOutcome>;

/** What is known of a name in a batch; unknown ones are counted and named, never refused. */
export type KnownVersions = (service: string) => ReadonlySet<string> | undefined;
