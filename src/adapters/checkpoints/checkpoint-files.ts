import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { appendFile, mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CheckpointPlaces } from '#adapters/checkpoints/checkpoint-places.ts';
import { isMissing, openSigningKey } from '#adapters/checkpoints/signing-key.ts';
import { checkpointText } from '#domain/checkpoint.ts';
import type { CheckpointIssuer } from '#operations/keep-checkpoints.ts';
import type { Logger } from '#operations/logger.ts';
import type { FoundNote } from '#store/check-register.ts';
import { nameOf, type Signer } from '#store/signed-note.ts';

/** Signs how the register stands, and keeps it where it is found after a crash: whole, or as before. */
export function createCheckpointIssuer(places: CheckpointPlaces, log: Logger): CheckpointIssuer {
  let signer: Signer | undefined;
  return async (stand, at) => {
    // Opened here and not at the start: a key that cannot be read must not keep kills from working.
    signer ??= await openSigningKey(places, log);
    const origin = nameOf(signer.verifierKey);
    const note = signer.sign(checkpointText({ ...stand, origin, at }));
    await mkdir(dirname(places.newest), { recursive: true });
    // The empty line keeps a note apart from one that a crash has left half written.
    await appendFile(places.kept, `\n${note}`, { flush: true });
    await replace(places.newest, note);
    return note;
  };
}

async function replace(path: string, text: string): Promise<void> {
  const fresh = `${path}.new`;
  const file = await open(fresh, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
  // The new name is only safe from a power cut once its folder is.
  const folder = await open(dirname(path), 'r');
  await folder.sync().finally(() => folder.close());
}

/** The newest checkpoint and the last of those that were kept; they differ after a crash between them. */
export function findNotes({ newest, kept }: CheckpointPlaces): readonly FoundNote[] {
  const [one] = notesIn(newest);
  const last = notesIn(kept, readEnd).at(-1);
  return [one, last?.note === one?.note ? undefined : last].filter((found) => found !== undefined);
}

/** A note as it was written, or as somebody copied it out of a channel. */
const NOTE = /^[^\s+]+\n\d+\n[A-Za-z0-9+/=]+\n(?:[^\n]+\n)*\n(?:— [^\n]+(?:\n|$))+/gm;

/** All the checkpoints of a file; none when there is no such file. */
export function notesIn(path: string, read = readAll): readonly FoundNote[] {
  const text = readOrNone(path, read);
  if (text === undefined) return [];
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const notes = lines.join('\n').match(NOTE) ?? [];
  const found = notes.map((note) => ({ where: path, note: `${note.trimEnd()}\n` }));
  // What cannot be read as one was a checkpoint before somebody wrote over it.
  return found.length > 0 ? found : [{ where: path, note: text }];
}

/** What is there and cannot be read is no checkpoint, and is no reason not to start either. */
function readOrNone(path: string, read: (path: string) => string): string | undefined {
  try {
    return read(path);
  } catch (error) {
    return isMissing(error) ? undefined : '';
  }
}

const readAll = (path: string) => readFileSync(path, 'utf8');

/** Some forty of them; a file of all there ever were takes longer to read each year. */
const END_BYTES = 16_384;

function readEnd(path: string): string {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const end = Buffer.alloc(Math.min(size, END_BYTES));
    readSync(file, end, 0, end.length, size - end.length);
    return end.toString('utf8');
  } finally {
    closeSync(file);
  }
}
