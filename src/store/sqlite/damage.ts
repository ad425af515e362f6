/** Damage that is met while a database is in use, by whatever happens to need the damaged part. */
import type Sqlite from 'better-sqlite3';

/**
 * What is read is not what was written, or the disk does not keep what it is given. A write that the
 * disk refuses is none of them: it is taken back, and nothing is lost.
 */
const DAMAGE =
  /^SQLITE_(CORRUPT|NOTADB|IOERR_(READ|SHORT_READ|FSYNC|DIR_FSYNC|DATA|CORRUPTFS))(_|$)/;

export const isDamage = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && DAMAGE.test(String(error.code));

type Watched = { damage?: Error; readonly tell: (damage: Error) => void };
const watched = new WeakMap<Sqlite.Database, Watched>();

/**
 * Tells of the first damage. From then on everything that is asked of the database gets that same
 * error: what could still be read or written may be wrong, and would make the damage worse. It has
 * to stand in front of the database before anything prepares a statement.
 */
export function watchForDamage(sqlite: Sqlite.Database, tell: (damage: Error) => void): void {
  watched.set(sqlite, { tell });
  const prepare = sqlite.prepare.bind(sqlite) as (source: string) => Sqlite.Statement;
  Object.assign(sqlite, { prepare: (source: string) => watchStatement(sqlite, prepare(source)) });
}

/** Every query and every write goes through one of these three. */
function watchStatement(sqlite: Sqlite.Database, statement: Sqlite.Statement): Sqlite.Statement {
  for (const method of ['run', 'get', 'all'] as const) {
    const ask: (...given: unknown[]) => unknown = statement[method].bind(statement);
    const watchedAsk = (...given: unknown[]) => {
      assertSound(sqlite);
      try {
        return ask(...given);
      } catch (error) {
        noteDamage(sqlite, error);
        throw error;
      }
    };
    Object.assign(statement, { [method]: watchedAsk });
  }
  return statement;
}

export function assertSound(sqlite: Sqlite.Database): void {
  const damage = watched.get(sqlite)?.damage;
  if (damage) throw damage;
}

/** For what SQLite does of itself, such as to commit. */
export function noteDamage(sqlite: Sqlite.Database, error: unknown): void {
  const watch = watched.get(sqlite);
  if (!watch || watch.damage || !isDamage(error)) return;
  watch.damage = error;
  watch.tell(error);
}
