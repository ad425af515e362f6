import { and, asc, eq, lt, sql } from '#db/drizzle.ts';
import { agentLogParts, agentLogs, inbox } from '#db/schema.ts';
import type { LogRollUp } from '#domain/roll-up.ts';
import type { Instant } from '#domain/time.ts';
import type { LogSums } from '#store/sqlite/agent-log-sums.ts';
import { type Database, inTransaction } from '#store/sqlite/database.ts';
import { createFirstReports } from '#store/sqlite/first-reports.ts';
import type { SplitKeys } from '#store/sqlite/split-keys.ts';

/** Items as a JSON array, and what they add up to. */
export type LogPart = { readonly items: string; readonly rollUps: readonly LogRollUp[] };

export type LogBatch = {
  readonly at: Instant;
  readonly idempotencyKey?: string;
  readonly digest: string;
};

export type Kept = { readonly is: 'recorded' | 'repeated' | 'key_reused' };

/** All of a batch is kept, or nothing; a batch whose key was seen counts once. */
export type LogKeeper = {
  /** A batch of one part, in one transaction. */
  readonly record: (batch: LogBatch & LogPart) => Kept;
  /** One part of a long batch: it counts for nothing yet. */
  readonly stage: (batch: string, part: LogPart, at: Instant) => void;
  /** From here on the batch counts, with every part that was staged, whatever happens. */
  readonly seal: (batch: string, about: LogBatch) => Kept;
  /** Counts one part of those that are sealed. False when there is none left. */
  readonly countSealed: () => boolean;
  /** Forgets parts that were staged before this moment and never sealed. */
  readonly pruneParts: (before: Instant) => number;
};

export function createLogKeeper(db: Database, sums: LogSums, keys: SplitKeys): LogKeeper {
  const tellFirst = createFirstReports(db);
  const count = (part: LogPart, at: Instant) => {
    const { items, rollUps } = part;
    tellFirst(part, at);
    insertRaw(db, items, at);
    for (const rollUp of rollUps) sums.add(rollUp, at);
    keys.add(rollUps);
  };
  return {
    record: (batch) =>
      inTransaction(db, () => {
        const known = findKept(db, batch);
        if (known) return known;
        rememberKey(db, batch);
        count(batch, batch.at);
        return { is: 'recorded' };
      }),
    stage: (batch, part, receivedAt) => {
      db.insert(agentLogParts)
        .values({ ...part, batch, receivedAt, sealed: false })
        .run();
    },
    seal: (batch, about) =>
      inTransaction(db, () => {
        const isPart = eq(agentLogParts.batch, batch);
        const known = findKept(db, about);
        if (known) {
          db.delete(agentLogParts).where(isPart).run();
          return known;
        }
        rememberKey(db, about);
        db.update(agentLogParts).set({ sealed: true, receivedAt: about.at }).where(isPart).run();
        return { is: 'recorded' };
      }),
    countSealed: () => inTransaction(db, () => countNext(db, count)),
    pruneParts: (before) => {
      const isLeft = and(eq(agentLogParts.sealed, false), lt(agentLogParts.receivedAt, before));
      return db.delete(agentLogParts).where(isLeft).run().changes;
    },
  };
}

/** Counted and gone in one transaction, so that a crash between two parts counts none twice. */
function countNext(db: Database, count: (part: LogPart, at: Instant) => void): boolean {
  const next = db
    .select()
    .from(agentLogParts)
    .where(eq(agentLogParts.sealed, true))
    .orderBy(asc(agentLogParts.id))
    .limit(1)
    .get();
  if (!next) return false;
  // They were written by `stage`.
  const rollUps = next.rollUps as readonly LogRollUp[];
  count({ items: next.items, rollUps }, next.receivedAt as Instant);
  db.delete(agentLogParts).where(eq(agentLogParts.id, next.id)).run();
  return true;
}

function findKept(db: Database, { idempotencyKey, digest }: LogBatch): Kept | undefined {
  if (idempotencyKey === undefined) return undefined;
  const seen = db
    .select()
    .from(inbox)
    .where(eq(inbox.key, keyOf(idempotencyKey)))
    .get();
  return seen && { is: seen.refusal === digest ? 'repeated' : 'key_reused' };
}

function rememberKey(db: Database, { idempotencyKey, digest, at }: LogBatch): void {
  if (idempotencyKey === undefined) return;
  db.insert(inbox)
    .values({ key: keyOf(idempotencyKey), at, refusal: digest })
    .run();
}

const keyOf = (idempotencyKey: string) => `ingest:${idempotencyKey}`;

/** One statement for all of them: one for each would take several times as long. */
function insertRaw(db: Database, items: string, at: Instant): void {
  db.run(sql`
    insert into ${agentLogs} (received_at, service, version, item)
    select ${at}, value ->> 'service', value ->> 'version', value
    from json_each(${items})`);
}
