/** What checkpoints are made from: a tree that goes on from where an earlier process had come. */
import { expect, test } from 'vitest';
import { registerFrontier } from '#db/schema.ts';
import { GENESIS, leafHash } from '#store/chain.ts';
import { NO_LEAVES, rootOf, withLeaf } from '#store/merkle.ts';
import { createRegister, readRegister } from '#store/sqlite/register.ts';
import { createRegisterTree } from '#store/sqlite/register-tree.ts';
import { anEntry } from '#test/support/register.ts';
import { aStore } from '#test/support/store.ts';

function aRegisterFile() {
  const { db } = aStore();
  return {
    db,
    append: (count: number) => {
      const { append } = createRegister(db);
      for (let nth = 0; nth < count; nth += 1) append(anEntry({ reason: `change ${nth}` }), {});
    },
    /** For a tree the hashes of the chain do not matter. */
    fillUpTo: (size: number) =>
      db.$client.exec(`with recursive seqs (seq) as (
          select coalesce(max(seq), 0) + 1 from audit
          union all select seq + 1 from seqs where seq < ${size})
        insert into audit select seq, '', '{"n":' || seq || '}', zeroblob(32), zeroblob(32)
        from seqs`),
    standing: () => {
      const bodies = [...readRegister(db)].map(({ body }) => body);
      const frontier = bodies.map(leafHash).reduce(withLeaf, NO_LEAVES);
      return { size: frontier.size, root: rootOf(frontier).toString('base64') };
    },
    saved: () => db.select().from(registerFrontier).get()?.size,
  };
}

test('a tree catches up a few entries at a time, and says how far it has come', () => {
  const { db, append, standing } = aRegisterFile();
  const tree = createRegisterTree(db);
  const genesis = GENESIS.toString('hex');
  expect(tree.catchUp(2)).toBe(true);
  expect(tree.stand()).toEqual({ ...standing(), head: genesis });
  expect([tree.size(), tree.hashOf(0), tree.hashOf(1)]).toEqual([0, genesis, undefined]);
  append(4);
  expect(tree.size()).toBe(4);
  expect(tree.stand().size).toBe(0);
  expect([2, 2, 2].map((entriesMax) => tree.catchUp(entriesMax))).toEqual([false, false, true]);
  const head = [...readRegister(db)].at(-1)?.hash.toString('hex');
  expect(tree.stand()).toEqual({ ...standing(), head });
  expect(tree.hashOf(4)).toBe(head);
});

test('each thousand entries it is kept how far it came, and the next process goes on from there', () => {
  const { db, fillUpTo, standing, saved } = aRegisterFile();
  const tree = createRegisterTree(db);
  fillUpTo(999);
  tree.catchUp(9_999);
  expect(saved()).toBeUndefined();
  fillUpTo(1_000);
  tree.catchUp(9_999);
  expect(saved()).toBe(1_000);
  fillUpTo(1_003);
  tree.catchUp(9_999);
  expect(saved()).toBe(1_000);

  const next = createRegisterTree(db);
  expect(next.stand().size).toBe(1_000);
  fillUpTo(1_999);
  next.catchUp(9_999);
  expect(saved()).toBe(1_000);
  fillUpTo(2_000);
  for (const one of [tree, next]) {
    one.catchUp(9_999);
    expect(one.stand()).toMatchObject(standing());
  }
  expect(saved()).toBe(2_000);
});

test('a register that was cut off is reckoned from its beginning', () => {
  const { db, append, standing } = aRegisterFile();
  append(5);
  db.insert(registerFrontier)
    .values({ id: 1, size: 6, nodes: Buffer.alloc(64) })
    .run();
  const tree = createRegisterTree(db);
  expect(tree.stand().size).toBe(0);
  tree.catchUp(9);
  expect(tree.stand()).toMatchObject(standing());
  // What stands exactly at the end is trusted.
  const nodes = Buffer.alloc(64, 1);
  db.update(registerFrontier).set({ size: 5, nodes }).run();
  expect(createRegisterTree(db).stand().size).toBe(5);
});
