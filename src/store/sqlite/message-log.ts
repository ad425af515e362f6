import { eq } from '#db/drizzle.ts';
import { messages } from '#db/schema.ts';
import type { MessageLog } from '#store/port.ts';
import type { Database } from '#store/sqlite/database.ts';

/** Remembers where things were posted, so that cards survive a restart and are edited in place. */
export function createMessageLog(db: Database): MessageLog {
  return {
    find: (subject) => {
      const row = db.select().from(messages).where(eq(messages.subject, subject)).get();
      return row && { channel: row.channel, ts: row.ts };
    },
    remember: (subject, { channel, ts }, at) => {
      const values = { subject, channel, ts, postedAt: at };
      db.insert(messages)
        .values(values)
        .onConflictDoUpdate({ target: messages.subject, set: values })
        .run();
    },
    forget: (subject) => {
      db.delete(messages).where(eq(messages.subject, subject)).run();
    },
  };
}
