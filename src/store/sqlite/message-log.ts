import { eq } from '#db/drizzle.ts';
import { messages } from '#db/schema.ts';
import type { MessageLog } from '#store/port.ts';
import type { Database } from '#store/sqlite/database.ts';
import { given } from '#store/sqlite/given.ts';

/** Remembers where things were posted, so that cards survive a restart and are edited in place. */
export function createMessageLog(db: Database): MessageLog {
  const row = given(messages);
  const isThis = eq(messages.subject, row.subject);
  const place = db.select().from(messages).where(isThis).prepare();
  const remove = db.delete(messages).where(isThis).prepare();
  const save = db
    .insert(messages)
    .values(row)
    .onConflictDoUpdate({ target: messages.subject, set: row })
    .prepare();
  return {
    find: (subject) => {
      const found = place.get({ subject });
      return found && { channel: found.channel, ts: found.ts };
    },
    remember: (subject, { channel, ts }, at) =>
      void save.run({ subject, channel, ts, postedAt: at }),
    forget: (subject) => void remove.run({ subject }),
  };
}
