import { and, asc, eq, lt, sql } from '#db/drizzle.ts';
import { agentLogParts, agentLogs, inbox } from '#db/schema.ts';
import { addRollUps, type LogRollUp } from '#domain/roll-up.ts';
import type { Instant } from '#domain/time.ts';
import type { Kept, LogBatch, LogKeeper, LogPart } from '#store/agent-logs.ts';
import type { LogSums } from '#store/sqlite/agent-log-sums.ts';
import { type Database, inTransaction } from '#store/sqlite/database.ts';
import { createFirstReports } from '#store/sqlite/first-reports.ts';
import { given } from '#store/sqlite/given.ts';
import type { SplitKeys } from '#store/sqlite/split-keys.ts';

export function createLogKeeper(db: Database, sums: LogSums, keys: SplitKeys): LogKeeper {
  const tellFirst = createFirstReports(db);
  const keptKeys = createKeptKeys(db);
  const count = (part: LogPart, at: Instant) => {
    const { items, rollUps } = part;
    tellFirst(part, at);
    insertRaw(db, items, at);
    for (const rollUp of rollUps) sums.add(rollUp, at);
    keys.add(rollUps);
  };
  return {
    record: (batches) =>
      inTransaction(db, () => {
        // In their order: the second of two batches with one key finds the first one's.
        const fresh: (LogBatch & LogPart)[] = [];
        const kept = batches.map((batch): Kept => {
          const known = keptKeys.find(batch);
          if (known) return known;
          keptKeys.remember(batch);
          fresh.push(batch);
          return { is: 'recorded' };
        });
        // They waited for one commit, so they arrived at about one moment.
        const newest = fresh.at(-1);
        if (newest) count(addParts(fresh), newest.at);
        return kept;
      }),
    stage: (batch, part, receivedAt) => {
      db.insert(agentLogParts)
        .values({ ...part, batch, receivedAt, sealed: false })
        .run();
    },
    seal: (batch, about) =>
      inTransaction(db, () => {
        const isPart = eq(agentLogParts.batch, batch);
        const known = keptKeys.find(about);
        if (known) {
          db.delete(agentLogParts).where(isPart).run();
          return known;
        }
        keptKeys.remember(about);
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

/** What is counted together costs as many rows as the longest of them, not as all. */
const addParts = (parts: readonly LogPart[]): LogPart => ({
  // They are arrays in JSON, so what stands between their brackets makes one array.
  items: `[${parts.flatMap(({ items }) => items.slice(1, -1) || []).join()}]`,
  rollUps: addRollUps(parts.flatMap(({ rollUps }) => rollUps)),
});

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

/** Idempotency keys of batches, among those of Slack's requests. */
function createKeptKeys(db: Database) {
  const byKey = db
    .select({ digest: inbox.refusal })
    .from(inbox)
    .where(eq(inbox.key, sql.placeholder('key')))
    .prepare();
  const remember = db.insert(inbox).values(given(inbox, 'auditSeq')).prepare();
  return {
    find: ({ idempotencyKey, digest }: LogBatch): Kept | undefined => {
      if (idempotencyKey === undefined) return undefined;
      const seen = byKey.get({ key: keyOf(idempotencyKey) });
      return seen && { is: seen.digest === digest ? 'repeated' : 'key_reused' };
    },
    remember: ({ idempotencyKey, digest, at }: LogBatch): void => {
      if (idempotencyKey === undefined) return;
      remember.run({ key: keyOf(idempotencyKey), at, refusal: digest });
    },
  };
}

const keyOf = (idempotencyKey: string) => `ingest:${idempotencyKey}`;

/** One statement for all of them: one for each would take several times as long. */
function insertRaw(db: Database, items: string, at: Instant): void {
  db.run(sql`
    insert into ${agentLogs} (received_at, service, version, item)
    select ${at}, value ->> 'service', value ->> 'version', value
    from json_each(${items})`);
}
