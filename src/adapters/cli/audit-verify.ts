/** `audit verify`: is the register as it was written, and does it still fit its checkpoints? */
import { existsSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { findNotes, notesIn } from '#adapters/checkpoints/checkpoint-files.ts';
import type { CheckpointPlaces } from '#adapters/checkpoints/checkpoint-places.ts';
import { checkWords } from '#adapters/cli/audit-verify-words.ts';
import type { ToVerify, Verified } from '#adapters/cli/audit-verify-worker.ts';
import { placesBy } from '#adapters/cli/checkpoint-places.ts';
import { DONE, FAILED, type Terminal, takeOption, withoutDatabase } from '#adapters/cli/command.ts';
import { no, type Result, yes } from '#domain/result.ts';
import type { FoundNote } from '#store/check-register.ts';

export type Vouchers = { readonly notes: readonly FoundNote[]; readonly verifierKey?: string };

export async function verifyRegister(
  terminal: Terminal,
  words: readonly string[],
): Promise<Result<number, string>> {
  const { databasePath, configPath, complain } = terminal;
  const places = placesBy(databasePath, configPath);
  const wanted = readOptions(places, words);
  if (!wanted.ok) return wanted;
  const { verifierKey } = wanted.value;
  if (!existsSync(databasePath)) return yes(withoutDatabase(terminal));
  const verified = await inWorker({ databasePath, ...wanted.value });
  if ('failed' in verified) {
    complain(`This did not work: ${verified.failed}.`);
    return yes(FAILED);
  }
  const { status, lines } = checkWords(verified, verifierKey);
  for (const line of lines) (status === DONE ? terminal.say : complain)(line);
  return yes(status);
}

function readOptions(places: CheckpointPlaces, words: readonly string[]): Result<Vouchers, string> {
  const { value: checkpoint, rest: others } = takeOption(words, 'checkpoint');
  const { value: key = places.publicKey, rest } = takeOption(others, 'key');
  if (rest.length > 0) return no(`I can't place “${rest.join(' ')}”.`);
  if (words.includes('--checkpoint') && (checkpoint === undefined || !existsSync(checkpoint)))
    return no(`There is no checkpoint in a file “${checkpoint ?? ''}”.`);
  if (words.includes('--key') && !existsSync(key))
    return no(`There is no public key in a file “${key}”.`);
  const given = checkpoint === undefined ? [] : notesIn(checkpoint);
  return yes(vouchersIn(places, { given, key }));
}

/** The checkpoints that lie beside the database and those that were given, and who may sign them. */
export function vouchersIn(
  places: CheckpointPlaces,
  { given = [], key = places.publicKey }: { given?: readonly FoundNote[]; key?: string } = {},
): Vouchers {
  const notes = [...given, ...findNotes(places)];
  return existsSync(key) ? { notes, verifierKey: readFileSync(key, 'utf8').trim() } : { notes };
}

/** A thread and a connection of its own: a million entries take a quarter of a minute. */
function inWorker(workerData: ToVerify): Promise<Verified> {
  const worker = new Worker(new URL('./audit-verify-worker.ts', import.meta.url), { workerData });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
