import { asc, desc, eq, gt } from '#db/drizzle.ts';
import { audit, registerFrontier } from '#db/schema.ts';
import { GENESIS, leafHash } from '#store/chain.ts';
import { type Frontier, NO_LEAVES, rootOf, withLeaf } from '#store/merkle.ts';
import type { RegisterTree } from '#store/port.ts';
import type { Database } from '#store/sqlite/database.ts';

const HASH_BYTES = 32;
const ROW = 1;
/** So that a start has little to reckon again, and few checkpoints have something to write here. */
const SAVED_EVERY = 1_000;

/** The Merkle tree over the register, brought up to date by what was appended since. */
export function createRegisterTree(db: Database): RegisterTree {
  const newest = db
    .select({ seq: audit.seq })
    .from(audit)
    .orderBy(desc(audit.seq))
    .limit(1)
    .prepare();
  const size = () => newest.get()?.seq ?? 0;
  const kept = savedFrontier(db);
  // Whoever cut the register off may have forgotten this; then it is reckoned from the beginning.
  let frontier = kept.size <= size() ? kept : NO_LEAVES;
  let saved = frontier.size;
  return {
    catchUp: (entriesMax) => {
      const next = db
        .select({ seq: audit.seq, body: audit.body })
        .from(audit)
        .where(gt(audit.seq, frontier.size))
        .orderBy(asc(audit.seq))
        .limit(entriesMax)
        .all();
      for (const { body } of next) frontier = withLeaf(frontier, leafHash(body));
      if (frontier.size - saved >= SAVED_EVERY) {
        save(db, frontier);
        saved = frontier.size;
      }
      return next.length < entriesMax;
    },
    stand: () => ({
      size: frontier.size,
      root: rootOf(frontier).toString('base64'),
      head: hashOf(db, frontier.size) ?? GENESIS.toString('hex'),
    }),
    size,
    hashOf: (seq) => (seq === 0 ? GENESIS.toString('hex') : hashOf(db, seq)),
  };
}

function hashOf(db: Database, seq: number): string | undefined {
  return db.select().from(audit).where(eq(audit.seq, seq)).get()?.hash.toString('hex');
}

function savedFrontier(db: Database): Frontier {
  const row = db.select().from(registerFrontier).get();
  if (!row) return NO_LEAVES;
  const { size, nodes } = row;
  const places = Array.from({ length: nodes.length / HASH_BYTES }, (_, nth) => nth * HASH_BYTES);
  return { size, nodes: places.map((place) => nodes.subarray(place, place + HASH_BYTES)) };
}

function save(db: Database, { size, nodes }: Frontier): void {
  const values = { id: ROW, size, nodes: Buffer.concat(nodes) };
  db.insert(registerFrontier)
    .values(values)
    .onConflictDoUpdate({ target: registerFrontier.id, set: values })
    .run();
}
