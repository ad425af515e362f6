/**
 * Runs each test once as it is, to see which mutants it reaches, and then once for each of those
 * that no test before it has noticed.
 */
import {
  inject,
  type RunnerTestCase,
  type RunnerTestSuite,
  type TestContext,
  TestRunner,
} from 'vitest';
import { type Note, writeNote } from '#test/mutation/notes.ts';
import { endTrial, startTrial, trial, WITHOUT_END } from '#test/mutation/trial.ts';

declare module 'vitest' {
  interface ProvidedContext {
    chosen: readonly number[];
    notes: string;
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
  onCollected(): void {
    living ??= new Set(inject('chosen'));
    note({ loaded: [...trial.reached] });
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    note({ begins: test.fullName });
    endTrial();
    trial.reached.clear();
    const beganMs = { real: performance.now(), own: ownMs() };
    await runOnce(test);
    const tookMs = ownMs() - beganMs.own;
    const limitMs = limitOf(performance.now() - beganMs.real);
    const visitsMax = 200_000 + 5 * trial.visits;

    const reached = [...trial.reached].filter((id) => living?.has(id));
    const ends = new Map<number, string>();
    for (const id of reached) {
      const spentMs = triedMs.get(id) ?? 0;
      if (spentMs + tookMs > PATIENCE_MS) continue;
      const startedMs = ownMs();
      note({ tries: id });
      startTrial(id, visitsMax);
      ends.set(id, await endOf(test, limitMs));
      triedMs.set(id, spentMs + ownMs() - startedMs);
    }
    endTrial();
    if (ends.size > 0) note({ begins: `${test.fullName} (once more, as it is)` });
    // One that fails now has failed of what a mutant left behind, so what it noticed says nothing.
    const isSpoilt = ends.size > 0 && (await endOf(test, limitMs)) !== 'passed';
    const [killed, timedOut] = ['failed', 'timed out'].map((end) =>
      reached.filter((id) => !isSpoilt && ends.get(id) === end),
    ) as [number[], number[]];
    for (const id of [...killed, ...timedOut]) living?.delete(id);
    note({ ended: test.fullName, reached, killed, timedOut });
  }

  override async onAfterRunSuite(suite: RunnerTestSuite): Promise<void> {
    await super.onAfterRunSuite(suite);
    // One that fails is run again by whoever goes on, so that it is told of at the end.
    if ('filepath' in suite && suite.result?.state !== 'fail') note({ over: suite.file.name });
  }
}

const note = (what: Note) => writeNote(inject('notes'), what);

/** Generous, since otherwise a busy machine would count as a test that notices. */
const limitOf = (tookMs: number) => 2_000 + 5 * tookMs;

/** Time of this process, whatever else the machine does. */
const ownMs = () => process.cpuUsage().user / 1_000;

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
