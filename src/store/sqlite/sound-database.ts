import { no, type Result, yes } from '#domain/result.ts';
import { readDamage } from '#store/damage-mark.ts';
import { isDamage } from '#store/sqlite/damage.ts';
import { type Database, openDatabase } from '#store/sqlite/database.ts';

/** Why a database cannot be used, in SQLite's words or those of the file system. */
export type Unusable = {
  readonly why: string;
  /** Damage does not go away by itself; a lock or a full disk does. */
  readonly isDamaged: boolean;
};

/** No table is begun after this long, so that a start takes two seconds at most, or little more. */
const CHECK_MS_MAX = 1_000;
/** What a start needs comes first; what is large and only read by people comes last. */
const LAST = ['agent_log_minutes', 'verdicts', 'agent_logs', 'audit'];

/** Opens the file only when it is sound, as far as a short look can tell. */
export function openSoundDatabase(
  path: string,
  monotonicMs: () => number,
): Result<Database, Unusable> {
  const marked = readDamage(path);
  if (marked !== undefined) return no({ why: marked, isDamaged: true });
  try {
    const db = openDatabase(path);
    const damage = findDamage(db, monotonicMs);
    if (damage === undefined) return yes(db);
    db.$client.close();
    return no({ why: damage, isDamaged: true });
  } catch (error) {
    // SQLite and the file system say what they could not do; anything else is a bug.
    if (!(error instanceof Error && 'code' in error)) throw error;
    return no({ why: error.message, isDamaged: !isPassing(error) });
  }
}

/** It goes away by itself, or by what a person does elsewhere on the machine. */
export const isPassing = (error: unknown) =>
  error instanceof Error && 'code' in error && !isDamage(error);

function findDamage({ $client }: Database, monotonicMs: () => number): string | undefined {
  const tables = $client
    .prepare<[], { name: string }>(`select name from sqlite_schema where type = 'table'`)
    .all()
    .map(({ name }) => name)
    .sort((one, other) => LAST.indexOf(one) - LAST.indexOf(other));
  const startedMs = monotonicMs();
  for (const table of tables) {
    if (monotonicMs() - startedMs > CHECK_MS_MAX) return undefined;
    const found = $client.pragma(`quick_check('${table}')`, { simple: true });
    if (found !== 'ok') return String(found);
  }
  return undefined;
}

/** Every page, index and constraint, however long it takes; for whoever can wait. */
export function damageIn({ $client }: Database): readonly string[] {
  const found = $client.pragma('integrity_check(10)') as { integrity_check: string }[];
  return found.map((row) => row.integrity_check).filter((line) => line !== 'ok');
}
