import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle, migrate } from '#db/drizzle.ts';
import { assert } from '#domain/result.ts';
import { assertSound, noteDamage } from '#store/sqlite/damage.ts';

export type Database = BetterSQLite3Database & { readonly $client: Sqlite.Database };
export type Tx = Parameters<Parameters<Database['transaction']>[0]>[0];

const MIGRATIONS = fileURLToPath(new URL('../../../db/migrations', import.meta.url));
/** Waiting for a lock blocks the whole process, and a kill that comes meanwhile has two seconds. */
const BUSY_TIMEOUT_MS = 500;
const FULL = 2;

/** Opens the file, creates it with its folder when it is new, and brings its tables up to date. */
export function openDatabase(path: string): Database {
  mkdirSync(dirname(path), { recursive: true });
  const sqlite = new Sqlite(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    return prepare(sqlite);
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

function prepare(sqlite: Sqlite.Database): Database {
  configure(sqlite);
  const database = drizzle({ client: sqlite });
  migrate(database, { migrationsFolder: MIGRATIONS });
  // The library may fall back to NORMAL at the first write in WAL mode, so it is looked at after one.
  assert(sqlite.pragma('synchronous', { simple: true }) === FULL, 'SQLite writes with FULL');
  return database;
}

/** For reading beside a running process: exports, checks, replays. It never writes. */
export function openForReading(path: string): Database {
  const sqlite = new Sqlite(path, { readonly: true, timeout: BUSY_TIMEOUT_MS });
  sqlite.pragma('trusted_schema = OFF');
  return drizzle({ client: sqlite });
}

function configure(sqlite: Sqlite.Database): void {
  sqlite.pragma('journal_mode = WAL');
  // The library's own default in WAL mode is NORMAL, which loses commits when the power fails.
  sqlite.pragma('synchronous = FULL');
  // Without it INSERT OR REPLACE would remove audit entries behind the triggers' back.
  sqlite.pragma('recursive_triggers = ON');
  sqlite.pragma('trusted_schema = OFF');
}

/** How long a lock that somebody else holds is waited for. */
export type Patience = 'usual' | 'none';

/** Databases whose lock was waited for in vain. */
const lockedAway = new WeakSet<Sqlite.Database>();

/**
 * BEGIN IMMEDIATE … COMMIT around synchronous work; returning a promise does not compile. A lock
 * that was waited for in vain is not waited for again until it is gone: each wait blocks the whole
 * process, kills included.
 */
export function inTransaction<T>(
  database: Database,
  work: (tx: Tx) => T extends PromiseLike<unknown> ? never : T,
  patience: Patience = 'usual',
): T {
  const { $client } = database;
  assertSound($client);
  const isAway = lockedAway.has($client);
  if (patience === 'none') $client.pragma('busy_timeout = 0');
  try {
    const done = database.transaction((tx) => work(tx), { behavior: 'immediate' });
    lockedAway.delete($client);
    if (isAway || patience === 'none') $client.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
    return done;
  } catch (error) {
    noteDamage($client, error);
    if (isBusy(error)) lockedAway.add($client);
    $client.pragma(`busy_timeout = ${lockedAway.has($client) ? 0 : BUSY_TIMEOUT_MS}`);
    throw error;
  }
}

export const isBusy = (error: unknown) =>
  error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
