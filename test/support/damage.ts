import { closeSync, copyFileSync, fstatSync, openSync, writeSync } from 'node:fs';
import Sqlite from 'better-sqlite3';

const PAGE_BYTES = 4_096;

/** Overwrites every page but the first in place, as a bad disk would, whoever has the file open. */
export function damageDatabase(path: string, { copy }: { copy?: string } = {}): void {
  // What stands in the log beside it would be read instead of the pages.
  const database = new Sqlite(path);
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  if (copy !== undefined) copyFileSync(path, copy);
  const file = openSync(path, 'r+');
  const { size } = fstatSync(file);
  writeSync(file, Buffer.alloc(size - PAGE_BYTES, 'garbage'), 0, null, PAGE_BYTES);
  closeSync(file);
}
