/** Load from a process of its own, so that whoever measures something else is not held up by it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type Load, type LoadResult, run } from '#test/bench/load.ts';

/** Kept as a word, since this file is both sides. */
const AS_CHILD = 'load';

export async function runElsewhere(load: Load): Promise<LoadResult> {
  const child = fork('test/bench/load-process.ts', [AS_CHILD], { stdio: 'inherit' });
  child.send(load);
  const [result] = (await once(child, 'message')) as [LoadResult];
  child.disconnect();
  return result;
}

if (process.argv[2] === AS_CHILD) {
  process.once('message', async (load: Load) => void process.send?.(await run(load)));
}
