/** Whole histories of releases, with everything going wrong that can; nothing may come of it. */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Heard } from '#test/simulation/worker.ts';
import { type Row, scaled, type Trial, untriedOf } from '#test/torture/row.ts';

const SEEDS = 10_000;
const RELEASES_EACH = 100;
/** Nearly all that is made is gone after a step, so the young have room. */
const YOUNG_MIB = 96;

export async function run(trial: Trial): Promise<Row> {
  const seeds = scaled(SEEDS, trial);
  const sums = { seeds: 0, histories: 0, releases: 0, steps: 0, crashes: 0, entered: 0, told: 0 };
  const broken: string[] = [];
  const workers: Worker[] = [];
  const hear = ({ seed, steps, crashes, counts, broken: problems, isRepeat }: Heard) => {
    sums.histories += 1;
    if (!isRepeat) sums.seeds += 1;
    if (trial.isOver?.()) for (const worker of workers) void worker.terminate();
    sums.releases += counts.started;
    sums.steps += steps;
    sums.crashes += crashes;
    sums.entered += counts.entered;
    sums.told += counts.told;
    const [problem] = problems;
    if (problem === undefined) return;
    broken.push(problem);
    console.log(`  seed ${seed}: ${problem}`);
    console.log(`  again: npm run torture -- --only simulation --seed ${seed} --scale 0.0001`);
  };
  const every = Math.min(seeds, availableParallelism());
  await Promise.all(
    Array.from({ length: every }, async (_, index) => {
      const share = { from: trial.seed + index, below: trial.seed + seeds, every };
      const worker = new Worker(new URL('../simulation/worker.ts', import.meta.url), {
        workerData: { ...share, releases: RELEASES_EACH },
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
      });
      workers.push(worker);
      worker.on('message', hear);
      await once(worker, 'exit');
    }),
  );
  const { histories, releases, steps, crashes, entered, told } = sums;
  const isWhole = trial.isOver?.() === true || sums.seeds === seeds;
  const figure =
    `${releases} releases in ${histories} histories of ${steps} steps, with ${crashes} crashes, ` +
    `${entered} steps entered and ${told} things told: ${broken.length} histories broken`;
  const untried = untriedOf(sums.seeds, seeds, 'seeds');
  return { name: 'simulation', figure, ok: broken.length === 0 && isWhole, ...untried };
}
