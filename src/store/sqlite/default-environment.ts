import { defaultEnvironment } from '#db/schema.ts';
import type { Database } from '#store/sqlite/database.ts';

const ID = 1;

/** The environment that names without one are in, as far as this file knows. */
export const readDefaultEnvironment = (db: Database): string | undefined =>
  db.select().from(defaultEnvironment).get()?.name;

export function rememberDefaultEnvironment(db: Database, name: string): void {
  db.insert(defaultEnvironment)
    .values({ id: ID, name })
    .onConflictDoUpdate({ target: defaultEnvironment.id, set: { name } })
    .run();
}
