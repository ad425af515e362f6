import { openDatabase } from '#store/sqlite/database.ts';
import { createOutbox } from '#store/sqlite/outbox.ts';
import { createQueries } from '#store/sqlite/queries.ts';
import { readRegister } from '#store/sqlite/register.ts';
import { createSqliteStore } from '#store/sqlite/store.ts';
import { createMemoryJournal } from '#test/simulation/memory-store/store.ts';
import type { OpenStore } from '#test/simulation/world.ts';

/** The real store, on a database that lives in memory as long as the history does. */
export function openSqliteDisk(): { readonly open: OpenStore; readonly close: () => void } {
  const db = openDatabase(':memory:');
  const last = db.$client.prepare('select ifnull(max(seq), 0) from audit').pluck();
  // The journal is no part of the database; it is there even when that is not.
  const journal = createMemoryJournal({ journal: new Map() });
  return {
    open: () => ({
      store: createSqliteStore(db),
      queries: createQueries(db),
      outbox: createOutbox(db),
      journal,
      entries: () => Number(last.get()),
      register: () => [...readRegister(db)],
    }),
    close: () => void db.$client.close(),
  };
}
