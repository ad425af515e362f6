/**
 * A note beside the database that it was found damaged while it was in use. The look at a start is
 * a short one and may miss what was met then, so the note speaks until the file is another one, or
 * somebody has had every page of it checked.
 */
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

const markPath = (databasePath: string) => `${databasePath}.damaged`;

/** Durable before it returns: what follows may be the end of the process, or of the power. */
export function markDamaged(databasePath: string, why: string): void {
  const text = `${identityOf(databasePath)}\n${why}\n`;
  writeFileSync(markPath(databasePath), text, { mode: 0o600, flush: true });
  const folder = openSync(dirname(databasePath), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

/** Why this very file must not be used, if it was marked; a mark of a former file is removed. */
export function readDamage(databasePath: string): string | undefined {
  const mark = readOrNothing(markPath(databasePath));
  if (mark === undefined) return undefined;
  const [identity, why = ''] = mark.split('\n');
  if (identity === identityOf(databasePath)) return why;
  forgetDamage(databasePath);
  return undefined;
}

export const forgetDamage = (databasePath: string): void =>
  rmSync(markPath(databasePath), { force: true });

/** A number of a file is given again when the file is gone, but then it was born at another time. */
function identityOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat ? `file ${stat.ino} born ${stat.birthtimeNs}` : 'no file';
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
