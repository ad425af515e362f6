import { eq, sql } from '#db/drizzle.ts';
import { inbox } from '#db/schema.ts';
import type { Refusal } from '#domain/refusal.ts';
import { decode } from '#store/codec.ts';
import type { Request } from '#store/port.ts';
import type { Database } from '#store/sqlite/database.ts';
import { given } from '#store/sqlite/given.ts';

/** How a request ended: what it left in the register, and why it was refused. */
export type Answer = { readonly auditSeq: number | null; readonly refusal?: Refusal };

export type Inbox = ReturnType<typeof createInbox>;

/** What was already done, by the key of the request; remembered inside the one transaction only. */
export function createInbox(db: Database) {
  const found = db
    .select()
    .from(inbox)
    .where(eq(inbox.key, sql.placeholder('key')))
    .prepare();
  const add = db.insert(inbox).values(given(inbox)).prepare();
  return {
    find: (key: string | undefined): Answer | undefined => {
      if (key === undefined) return undefined;
      const row = found.get({ key });
      if (!row) return undefined;
      const { auditSeq, refusal } = row;
      const decoded = refusal !== null && decode('refusal', refusal, `inbox ${key}`);
      return { auditSeq, ...(decoded && { refusal: decoded }) };
    },
    remember: ({ inboxKey: key, at }: Request, { auditSeq, refusal }: Answer): void => {
      if (key !== undefined) add.run({ key, at, auditSeq, refusal: refusal ?? null });
    },
  };
}
