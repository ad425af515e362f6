import { desc } from '#db/drizzle.ts';
import { audit } from '#db/schema.ts';
import type { AuditDraft } from '#domain/audit.ts';
import { type AskedBy, type ChainedEntry, chain } from '#store/chain.ts';
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
    append: (draft: AuditDraft, request?: AskedBy): number => {
      const entry = chain(last.get(), draft, request);
      add.run(entry);
      return entry.seq;
    },
  };
}

const PAGE = 1_000;

/**
 * All entries in order, a page in memory at a time. The statement is written out because mapping
 * rows costs as much again as reading them, and a register has millions.
 */
export function* readRegister({ $client }: Database, afterSeq = 0): Generator<ChainedEntry> {
  const following = $client.prepare<[number, number], ChainedEntry>(
    'SELECT seq, at, body, prev, hash FROM audit WHERE seq > ? ORDER BY seq LIMIT ?',
  );
  let after = afterSeq;
  for (;;) {
    const page = following.all(after, PAGE);
    yield* page;
    const end = page.at(-1);
    if (!end) return;
    after = end.seq;
  }
}
