import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { isBusy } from '#store/sqlite/database.ts';

export type Ownership =
  | { readonly owned: true; readonly release: () => void }
  | { readonly owned: false; readonly holder: string };

/**
 * One process owns a database. The lock is a second SQLite file held under BEGIN EXCLUSIVE for
 * life: the kernel frees it when the process dies, however it dies, so no clock is involved.
 */
export function ownDatabase(path: string, self: string): Ownership {
  mkdirSync(dirname(path), { recursive: true });
  const holderPath = `${path}.holder`;
  const lock = new Sqlite(`${path}.lock`, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    return { owned: false, holder: readHolder(holderPath) };
  }
  writeHolder(holderPath, self);
  return {
    owned: true,
    release: () => {
      rmSync(holderPath, { force: true });
      lock.close();
    },
  };
}

/** For words only: a full disk must not keep anybody from owning the database. */
function writeHolder(path: string, self: string): void {
  try {
    writeFileSync(path, self);
  } catch {
    rmSync(path, { force: true });
  }
}

function readHolder(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return 'another process';
  }
}
