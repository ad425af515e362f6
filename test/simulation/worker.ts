/** Runs its share of the histories, one seed after the other, and says what came of each. */
import { parentPort, workerData } from 'node:worker_threads';
import { type History, runHistory } from '#test/simulation/run-history.ts';
import { openSqliteDisk } from '#test/simulation/sqlite-disk.ts';

/** What is heard of each; over SQLite it is a repeat of the one before. */
export type Heard = History & { readonly isRepeat: boolean };

/** Every so many histories one runs on the real store too; it must be the same history. */
const SQLITE_EVERY = 100;

// Thousands of outages a second are played, and nobody reads where each was thrown.
Error.stackTraceLimit = 0;

const { from, below, every, releases } = workerData as Record<string, number>;
for (let seed = Number(from); seed < Number(below); seed += Number(every)) {
  const history = await runHistory({ seed, releases: Number(releases) });
  parentPort?.postMessage({ ...history, isRepeat: false } satisfies Heard);
  if (seed % SQLITE_EVERY !== 0 || history.broken.length > 0) continue;
  const disk = openSqliteDisk();
  const again = await runHistory({ seed, releases: Number(releases), open: disk.open });
  disk.close();
  const isSame = JSON.stringify(again) === JSON.stringify(history);
  const broken = isSame ? again.broken : ['over SQLite it was another history', ...again.broken];
  parentPort?.postMessage({ ...again, broken, isRepeat: true } satisfies Heard);
}
