/**
 * Runs each test once as it is, to see which mutants it reaches, and then once for each of those
 * that no test before it has noticed.
 */
import {
  inject,
  type RunnerTestCase,
  type RunnerTestFile,
  type TestContext,
  TestRunner,
} from 'vitest';
import { endTrial, startTrial, trial, WITHOUT_END } from '#test/mutation/trial.ts';

type Noticed = {
  readonly reached: readonly number[];
  readonly killed: readonly number[];
  readonly timedOut: readonly number[];
  /** It fails without any change after it failed with one, so what it noticed says nothing. */
  readonly isSpoilt: boolean;
};

declare module 'vitest' {
  interface TaskMeta {
    loaded?: readonly number[];
    noticed?: Noticed;
  }
  interface ProvidedContext {
    chosen: readonly number[];
  }
}

type Endings = { onFinished?: ((context: TestContext) => unknown)[] | undefined };

/** Whoever outlives so much of the tests has survived, for the slow ones reach nearly everything. */
const PATIENCE_MS = 2_000;

// Tests play with the clock; the limit of a trial is one of the real clock.
const { setTimeout, clearTimeout } = globalThis;
const triedMs = new Map<number, number>();
let living: Set<number> | undefined;

export default class MutationRunner extends TestRunner {
  onCollected(files: RunnerTestFile[]): void {
    living ??= new Set(inject('chosen'));
    for (const file of files) file.meta.loaded = [...trial.reached];
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    const startedMs = performance.now();
    trial.reached.clear();
    await runOnce(test);
    const limitMs = limitOf(performance.now() - startedMs);
    const visitsMax = 200_000 + 20 * trial.visits;

    const reached = [...trial.reached].filter((id) => living?.has(id));
    const ends = new Map<number, string>();
    for (const id of reached) {
      const spentMs = triedMs.get(id) ?? 0;
      if (spentMs > PATIENCE_MS) continue;
      const beganMs = cpuMs();
      startTrial(id, visitsMax);
      ends.set(id, await endOf(test, limitMs));
      triedMs.set(id, spentMs + cpuMs() - beganMs);
    }
    endTrial();
    const [killed, timedOut] = ['failed', 'timed out'].map((end) =>
      reached.filter((id) => ends.get(id) === end),
    ) as [number[], number[]];
    const isSpoilt = ends.size > 0 && (await endOf(test, limitMs)) !== 'passed';
    if (!isSpoilt) for (const id of [...killed, ...timedOut]) living?.delete(id);
    test.meta.noticed = { reached, killed, timedOut, isSpoilt };
  }
}

/** Generous, since otherwise a busy machine would count as a test that notices. */
const limitOf = (tookMs: number) => 2_000 + 20 * tookMs;

/** Time of this process, whatever else the machine does. */
const cpuMs = () => process.cpuUsage().user / 1_000;

async function endOf(test: RunnerTestCase, limitMs: number) {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'timed out'>((resolve) => {
    timer = setTimeout(() => resolve('timed out'), limitMs);
  });
  const run = runOnce(test).then(
    () => 'passed' as const,
    (error) => (String(error).includes(WITHOUT_END) ? ('timed out' as const) : ('failed' as const)),
  );
  const end = await Promise.race([run, late]);
  clearTimeout(timer);
  return end;
}

/** With what the test wants done at its end, which Vitest itself does only once and declares nowhere. */
async function runOnce(test: RunnerTestCase & Endings): Promise<void> {
  try {
    await TestRunner.getTestFn(test)();
  } finally {
    const endings = test.onFinished ?? [];
    test.onFinished = [];
    for (const end of endings.toReversed()) await end(test.context);
  }
}
