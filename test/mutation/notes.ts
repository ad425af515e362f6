/**
 * What a lane writes down while it tries mutants, a line each. It stays on disk, so that it is known
 * what a lane was at when a mutant hangs it or takes it down.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

export type Note =
  /** A test begins, as it is. */
  | { readonly begins: string }
  /** The test goes on with a mutant. */
  | { readonly tries: number }
  /** What came of the test. */
  | ({ readonly ended: string } & Noticed)
  /** A file of tests and the planted code that it needs are loaded. */
  | { readonly loaded: readonly number[] }
  /** A file of tests is over. */
  | { readonly over: string }
  /** Everything that was to be tried was tried; these files of tests fail as they are. */
  | { readonly failing: readonly string[] };

export type Noticed = {
  readonly reached: readonly number[];
  readonly killed: readonly number[];
  readonly timedOut: readonly number[];
};

export function writeNote(path: string, note: Note): void {
  appendFileSync(path, `${JSON.stringify(note)}\n`);
}

export function readNotes(path: string): readonly Note[] {
  if (!existsSync(path)) return [];
  // Who is killed while writing leaves half a line.
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Note);
}
