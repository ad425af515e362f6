/** Whole histories of releases, with everything going wrong that can; nothing may come of it. */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { History } from '#test/simulation/run-history.ts';
import { type Row, scaled, type Trial } from '#test/torture/row.ts';

const SEEDS = 10_000;
const RELEASES_EACH = 100;

export async function run(trial: Trial): Promise<Row> {
  const seeds = scaled(SEEDS, trial);
  const sums = { histories: 0, releases: 0, steps: 0, crashes: 0, entered: 0, told: 0 };
  const broken: string[] = [];
  const hear = ({ seed, steps, crashes, counts, broken: problems }: History) => {
    sums.histories += 1;
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
  const workers = Math.min(seeds, availableParallelism());
  await Promise.all(
    Array.from({ length: workers }, async (_, index) => {
      const share = { from: trial.seed + index, below: trial.seed + seeds, every: workers };
      const worker = new Worker(new URL('../simulation/worker.ts', import.meta.url), {
        workerData: { ...share, releases: RELEASES_EACH },
      });
      worker.on('message', hear);
      await once(worker, 'exit');
    }),
  );
  const { histories, releases, steps, crashes, entered, told } = sums;
  const ok = broken.length === 0 && histories >= seeds;
  const figure =
    `${releases} releases in ${histories} histories of ${steps} steps, with ${crashes} crashes, ` +
    `${entered} steps entered and ${told} things told: ${broken.length} histories broken`;
  return { name: 'simulation', figure, ok };
}
