import {
  and,
  inArray,
  isNotNull,
  lt,
  type SQLiteColumn,
  type SQLiteTable,
  sql,
} from '#db/drizzle.ts';
import { agentLogMinutes, inbox, outbox, verdicts } from '#db/schema.ts';
import type { Instant } from '#domain/time.ts';
import type { Database } from '#store/sqlite/database.ts';
import { createSplitKeys } from '#store/sqlite/split-keys.ts';

/** Deletes old rows of the tables that only serve the present, a slice at a time. */
export function createPruner(db: Database) {
  return {
    inbox: (before: Instant, limit: number) => {
      const old = db
        .select({ key: inbox.key })
        .from(inbox)
        .where(lt(inbox.at, before))
        .limit(limit);
      return db.delete(inbox).where(inArray(inbox.key, old)).run().changes;
    },
    outbox: (before: Instant, limit: number) => {
      const isOld = and(isNotNull(outbox.doneAt), lt(outbox.doneAt, before));
      const old = db.select({ id: outbox.id }).from(outbox).where(isOld).limit(limit);
      return db.delete(outbox).where(inArray(outbox.id, old)).run().changes;
    },
    splitKeys: createSplitKeys(db).prune,
    windows: createRowPruner(db, verdicts, verdicts.windowEnd),
    minutes: createRowPruner(db, agentLogMinutes, agentLogMinutes.minute),
  };
}

/** Where several columns make the key, rows go by the number that SQLite gives each. */
const createRowPruner =
  (db: Database, table: SQLiteTable, time: SQLiteColumn) => (before: Instant, limit: number) => {
    const old = db.select({ rowid: sql`rowid` }).from(table).where(lt(time, before)).limit(limit);
    return db.delete(table).where(inArray(sql`rowid`, old)).run().changes;
  };
