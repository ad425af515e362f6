/** In which order rows run, beside what, and how long, so that all are over in half an hour. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Promised } from '#test/torture/rows.ts';

type Ended = { readonly name: string; readonly status: number };

/** Two processors are what is there; a row that uses both, or needs quiet, runs by itself. */
const AT_ONCE = 2;
/** Of the half hour; what rows do not need of it goes to those that come after them. */
const MINUTES_IN_ALL = 28;

type Minutes = Pick<Promised, 'minutes' | 'alone'>;

/** What rows take when each has its minutes, and those that are not alone run beside another. */
export const minutesOf = (rows: readonly Minutes[]): number =>
  rows.reduce((sum, { minutes, alone }) => sum + (alone ? minutes : minutes / AT_ONCE), 0);

/** Its own minutes, and what nobody after it will need: `left` are all that have not ended. */
export const minutesFor = (row: Minutes, left: readonly Minutes[], passed: number): number =>
  row.minutes + Math.max(0, MINUTES_IN_ALL - passed - minutesOf(left));

/** Each row runs in a process of its own, so that none is in another's way. */
export async function drawPlan(
  rows: Readonly<Record<string, Promised>>,
  words: readonly string[],
): Promise<{ readonly took: number; readonly ended: readonly Ended[] }> {
  const startedMs = performance.now();
  const ended: Ended[] = [];
  const left = new Map(Object.entries(rows));
  const runOne = async ([name, row]: [string, Promised]) => {
    const passed = (performance.now() - startedMs) / 60_000;
    const status = await tried(name, minutesFor(row, [...left.values()], passed), words);
    left.delete(name);
    ended.push({ name, status });
  };
  const all = Object.entries(rows);
  for (const row of all.filter(([, { alone }]) => alone)) await runOne(row);
  const rest = all.filter(([, { alone }]) => !alone);
  const lane = async () => {
    for (let row = rest.shift(); row; row = rest.shift()) await runOne(row);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return { took: performance.now() - startedMs, ended };
}

async function tried(name: string, minutes: number, words: readonly string[]): Promise<number> {
  const script = fileURLToPath(new URL('torture.ts', import.meta.url));
  const own = ['--only', name, '--minutes', String(minutes)];
  const quiet = '--disable-warning=ExperimentalWarning';
  const child = spawn(process.execPath, [quiet, script, ...own, ...words], { stdio: 'inherit' });
  const [status] = (await once(child, 'close')) as [number | null];
  return status ?? 1;
}
