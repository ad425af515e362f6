import { asc, desc, gt } from '#db/drizzle.ts';
import { audit } from '#db/schema.ts';
import type { AuditDraft } from '#domain/audit.ts';
import { type ChainedEntry, chain, entryHash, GENESIS } from '#store/chain.ts';
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

export type ChainCheck =
  | { readonly intact: true; readonly entries: number; readonly head: string }
  | { readonly intact: false; readonly seq: number; readonly problem: string };

/**
 * Walks the chain. Alone it finds a changed, removed, inserted or reordered entry; entries cut off
 * at the end, or a chain computed again from scratch, need a checkpoint kept elsewhere.
 */
export function checkChain(entries: Iterable<ChainedEntry>): ChainCheck {
  let prev: Buffer = GENESIS;
  let seq = 0;
  for (const entry of entries) {
    seq += 1;
    if (entry.seq !== seq)
      return { intact: false, seq, problem: `entry ${seq} is missing; ${entry.seq} follows` };
    if (!entry.prev.equals(prev))
      return { intact: false, seq, problem: `entry ${seq} does not follow the one before it` };
    if (!entry.hash.equals(entryHash(prev, entry.body)))
      return { intact: false, seq, problem: `entry ${seq} was changed after it was written` };
    prev = entry.hash;
  }
  return { intact: true, entries: seq, head: prev.toString('hex') };
}
