/** What a store of agents' logs can do, and what it is given. */
import type { LogRollUp } from '#domain/roll-up.ts';
import type { Instant } from '#domain/time.ts';

/** Some items of a batch, and what they add up to: little enough to be stored without a stall. */
export type LogPart = {
  /** As a JSON array: nobody but the store looks at them one by one any more. */
  readonly items: string;
  readonly rollUps: readonly LogRollUp[];
};

export type LogBatch = {
  readonly at: Instant;
  /** Sent by the client; a batch with a known key counts once. */
  readonly idempotencyKey?: string;
  /** Of the text received: the same key with another body is a client's mistake. */
  readonly digest: string;
};

export type Kept = {
  /**
   * `repeated`: the key was seen with the same digest, nothing is kept a second time.
   * `key_reused`: it was seen with another digest, nothing is kept at all.
   */
  readonly is: 'recorded' | 'repeated' | 'key_reused';
};

/** All of a batch is kept, or nothing; a batch whose key was seen counts once. */
export type LogKeeper = {
  /** Batches of one part each, in one transaction. */
  readonly record: (batches: readonly (LogBatch & LogPart)[]) => readonly Kept[];
  /** One part of a long batch: it counts for nothing yet. */
  readonly stage: (batch: string, part: LogPart, at: Instant) => void;
  /** From here on the batch counts, with every part that was staged, whatever happens. */
  readonly seal: (batch: string, about: LogBatch) => Kept;
  /** Counts one part of those that are sealed. False when there is none left. */
  readonly countSealed: () => boolean;
  /** Forgets parts that were staged before this moment and never sealed. */
  readonly pruneParts: (before: Instant) => number;
};
