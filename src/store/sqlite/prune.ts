import { and, inArray, isNotNull, lt, sql } from '#db/drizzle.ts';
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
    windows: (before: Instant, limit: number) => {
      const old = db
        .select({ rowid: sql`rowid` })
        .from(verdicts)
        .where(lt(verdicts.windowEnd, before))
        .limit(limit);
      return db.delete(verdicts).where(inArray(sql`rowid`, old)).run().changes;
    },
    minutes: (before: Instant, limit: number) => {
      const old = db
        .select({ rowid: sql`rowid` })
        .from(agentLogMinutes)
        .where(lt(agentLogMinutes.minute, before))
        .limit(limit);
      return db.delete(agentLogMinutes).where(inArray(sql`rowid`, old)).run().changes;
    },
  };
}
