import { asc, desc, gt } from '#db/drizzle.ts';
import { audit } from '#db/schema.ts';
import type { AuditDraft } from '#domain/audit.ts';
import { type ChainedEntry, chain } from '#store/chain.ts';
import type { Database } from '#store/sqlite/database.ts';
import { given } from '#store/sqlite/given.ts';

/** Appends to the register; called inside the one transaction only. */
export function createRegister(db: Database) {
  const last = db
    .select({ seq: audit.seq, hash: audit.hash })
    .from(audit)
    .orderBy(desc(audit.seq))
    .limit(1)
    .prepare();
  const add = db.insert(audit).values(given(audit)).prepare();
  return {
    append: (draft: AuditDraft): number => {
      const entry = chain(last.get(), draft);
      add.run(entry);
      return entry.seq;
    },
  };
}

const PAGE = 1_000;

/** All entries in order, a page in memory at a time. */
export function* readRegister(db: Database, afterSeq = 0): Generator<ChainedEntry> {
  let after = afterSeq;
  for (;;) {
    const page = db
      .select()
      .from(audit)
      .where(gt(audit.seq, after))
      .orderBy(asc(audit.seq))
      .limit(PAGE)
      .all();
    yield* page;
    const [end] = page.slice(-1);
    if (!end) return;
    after = end.seq;
  }
}
