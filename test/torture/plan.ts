/** In which order rows run, and beside what, so that all of them are over in half an hour. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Promised } from '#test/torture/rows.ts';

type Ended = { readonly name: string; readonly status: number };

/** Two processors are what is there; a row that uses both, or needs quiet, runs by itself. */
const AT_ONCE = 2;

/** Each row runs in a process of its own, so that none is in another's way. */
export async function drawPlan(
  rows: Readonly<Record<string, Promised>>,
  words: readonly string[],
): Promise<{ readonly took: number; readonly ended: readonly Ended[] }> {
  const startedMs = performance.now();
  const ended: Ended[] = [];
  const runOne = async ([name, { minutes }]: [string, Promised]) => {
    ended.push({ name, status: await tried(name, minutes, words) });
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
