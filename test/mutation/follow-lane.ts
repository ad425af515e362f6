/** Starts a lane, and again with the rest whenever a mutant has hung it or taken it down. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Note, readNotes, writeNote } from '#test/mutation/notes.ts';

/** What a lane is given: planted code by its path, and the mutants and tests that are still to be tried. */
export type Work = {
  readonly root: string;
  readonly planted: Readonly<Record<string, string>>;
  readonly chosen: readonly number[];
  readonly overWith: readonly string[];
  readonly notes: string;
};

/** Endings that no mutant can be blamed for, before a lane is given up. */
const RIDDLES_MAX = 3;

/** Gives back all that the lane noted down, or throws if it cannot come to an end. */
export async function followLane(
  folder: string,
  work: Omit<Work, 'notes' | 'overWith'>,
): Promise<readonly Note[]> {
  const notes = join(folder, 'notes');
  let riddles = 0;
  while (true) {
    const workPath = join(folder, 'work.json');
    const rest = restOf(work.chosen, readNotes(notes));
    writeFileSync(workPath, JSON.stringify({ ...work, ...rest, notes } satisfies Work));
    await runOnce(work.root, workPath);
    const noted = readNotes(notes);
    const last = noted.at(-1);
    if (last && 'failing' in last) return noted;
    if (last && 'tries' in last) {
      const blamed = [last.tries];
      writeNote(notes, { ended: 'the lane', reached: blamed, killed: [], timedOut: blamed });
    } else riddles += 1;
    if (riddles === RIDDLES_MAX)
      throw new Error(`A lane does not get past ${JSON.stringify(last)}, without any mutant.`);
  }
}

/** Mutants that live, and tests that are done with. */
export function restOf(
  chosen: readonly number[],
  notes: readonly Note[],
): Pick<Work, 'chosen' | 'overWith'> {
  const noticed = new Set(
    notes.flatMap((note) => ('ended' in note ? [...note.killed, ...note.timedOut] : [])),
  );
  return {
    chosen: chosen.filter((id) => !noticed.has(id)),
    overWith: notes.flatMap((note) => ('over' in note ? [note.over] : [])),
  };
}

async function runOnce(root: string, workPath: string): Promise<void> {
  const lane = spawn(
    process.execPath,
    ['--max-old-space-size=1024', resolve(root, 'test/mutation/lane.ts'), workPath],
    { cwd: join(dirname(workPath), 'desk'), stdio: 'inherit' },
  );
  await once(lane, 'exit');
}
