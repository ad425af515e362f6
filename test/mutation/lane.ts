/**
 * A process that tries its share of the mutants: Vitest here, the tests and the planted code in a
 * thread beside it, and a watch over that thread.
 */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { startVitest, type TestModule } from 'vitest/node';
import { restOf, type Work } from '#test/mutation/follow-lane.ts';
import { readNotes, writeNote } from '#test/mutation/notes.ts';

/** As many draws as let the properties notice at all; each is tried for every mutant that it reaches. */
const DRAWS = 200;
/** Own time without a note, after which no note will come: some loops pass no switch. */
const SILENCE_MS_MAX = 20_000;

const work = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Work;
watch();
const vitest = await startVitest(
  'test',
  [],
  {
    root: work.root,
    config: resolve(work.root, 'test/mutation/vitest.config.ts'),
    watch: false,
    passWithNoTests: true,
    reporters: [{ onTestModuleEnd: tell }],
    provide: { chosen: work.chosen, notes: work.notes },
  },
  {
    plugins: [
      {
        name: 'plant mutants',
        enforce: 'pre',
        config: () => ({ test: { exclude: [...work.overWith] } }),
        transform: (code, path) =>
          work.planted[path] ?? code.replace(/\bnumRuns: [\d_]+/g, `numRuns: ${DRAWS}`),
      },
    ],
  },
);
const modules = vitest.state.getTestModules();
const isDone = modules.every((module) => ['passed', 'failed', 'skipped'].includes(module.state()));
if (isDone) {
  const failing = modules.filter((module) => module.state() === 'failed');
  writeNote(work.notes, { failing: failing.map(({ relativeModuleId }) => relativeModuleId) });
}
await vitest.close();
process.exit();

/** It takes minutes, so it says how far it has come. */
function tell({ relativeModuleId }: TestModule): void {
  const { chosen } = restOf(work.chosen, readNotes(work.notes));
  console.error(`${chosen.length} of ${work.chosen.length} live after ${relativeModuleId}`);
}

/** Nothing inside could end a comparison of a list with 2^31 places, so the process ends itself. */
function watch(): void {
  let [noted, sinceMs] = [0, ownMs()];
  setInterval(() => {
    const size = statSync(work.notes, { throwIfNoEntry: false })?.size ?? 0;
    if (size !== noted) [noted, sinceMs] = [size, ownMs()];
    if (ownMs() - sinceMs > SILENCE_MS_MAX) process.kill(process.pid, 'SIGKILL');
  }, 1_000);
}

/** Time of this process, whatever else the machine does. */
function ownMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
