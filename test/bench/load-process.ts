/** Load from a process of its own, so that whoever measures something else is not held up by it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type Load, type LoadResult, run } from '#test/bench/load.ts';

type Ended = { readonly result?: LoadResult; readonly problem?: string };

/** Kept as a word, since this file is both sides. */
const AS_CHILD = 'load';

export async function runElsewhere(load: Load): Promise<LoadResult> {
  const child = fork('test/bench/load-process.ts', [AS_CHILD], { stdio: 'inherit' });
  child.send(load);
  const [{ result, problem }] = (await once(child, 'message')) as [Ended];
  child.disconnect();
  if (!result) throw new Error(problem);
  return result;
}

if (process.argv[2] === AS_CHILD) {
  const tell = (ended: Ended) => void process.send?.(ended);
  process.once('message', (load: Load) =>
    run(load).then(
      (result) => tell({ result }),
      (error: unknown) => tell({ problem: String(error) }),
    ),
  );
}
