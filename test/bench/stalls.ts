/** How long the event loops of a started bot were held up, as `watch-stalls.ts` wrote it down. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The longest since the one before was written. */
export type Stall = { readonly at: number; readonly ms: number };
type Thread = 'main' | 'agents';

export const stallsFile = (folder: string, thread: Thread) => join(folder, `stalls-of-${thread}`);

/** What the bot is started with, so that it is watched. */
export const watching = (folder: string) => ({
  NODE_OPTIONS: `--import ${new URL('./watch-stalls.ts', import.meta.url).href}`,
  STALLS_FOLDER: folder,
});

export function stallsSince(folder: string, thread: Thread, since: number): readonly number[] {
  const file = stallsFile(folder, thread);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const stalls = lines.map((line) => JSON.parse(line) as Stall);
  return stalls.filter(({ at }) => at > since).map(({ ms }) => ms);
}
