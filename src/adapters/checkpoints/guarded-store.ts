import { findNotes } from '#adapters/checkpoints/checkpoint-files.ts';
import type { CheckpointPlaces } from '#adapters/checkpoints/checkpoint-places.ts';
import { findDoubt, holdDoubt } from '#operations/doubt-register.ts';
import { withholdExposure } from '#operations/withhold-exposure.ts';
import type { Database } from '#store/sqlite/database.ts';
import { createRegisterTree } from '#store/sqlite/register-tree.ts';
import { createSqliteStore } from '#store/sqlite/store.ts';

/** The store of a database; nothing goes forward in it while its register does not fit its checkpoints. */
export function openGuardedStore(db: Database, places: CheckpointPlaces) {
  const tree = createRegisterTree(db);
  const notes = findNotes(places).map(({ note }) => note);
  const doubt = holdDoubt(findDoubt(tree, notes));
  const store = withholdExposure(createSqliteStore(db), () => {
    const found = doubt.current();
    return found && { code: 'register_in_doubt', ...found };
  });
  return { store, tree, doubt };
}
