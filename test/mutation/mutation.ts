/**
 * `npm run mutation`: changes the domain and the store in small ways, and counts the changes that no
 * test notices. `-- src/domain/policy` tries a folder or a file, `-- --sample 20` draws so many
 * mutants of each file, and `-- --seed 7` draws those of an earlier run again.
 * It ends with status 1 when fewer than 85 in a hundred are noticed.
 */
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startVitest, type TestModule } from 'vitest/node';
import { drawMutants } from '#test/mutation/draw-mutants.ts';
import { LEFT_OUT, type LeftOut } from '#test/mutation/left-out.ts';
import { type Mutant, plantMutants } from '#test/mutation/plant.ts';
import { type FileScore, percentOf, scoreFiles, totalOf } from '#test/mutation/score.ts';

const PERCENT_MIN = 85;
/** As many draws as let the properties notice at all; each is tried for every mutant that it reaches. */
const DRAWS = 200;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sample: { type: 'string' }, seed: { type: 'string' } },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const sample = values.sample === undefined ? undefined : Number(values.sample);
const paths = positionals.length > 0 ? positionals : ['src/domain', 'src/store'];
const files = globSync('src/{domain,store}/**/*.ts')
  .filter((file) => paths.some((path) => file.startsWith(path)))
  .toSorted();
if (files.length === 0 || Number.isNaN(seed) || Number.isNaN(sample ?? 0)) {
  console.error(
    'Usage: npm run mutation -- [src/domain/…|src/store/…]… [--sample <number>] [--seed <number>]',
  );
  process.exit(2);
}

const startedMs = performance.now();
const planted = new Map(
  files.map((file, index) => [
    resolve(file),
    // A number of its own for each file, so that changing one file draws the same from the others.
    plantMutants({ file, source: readFileSync(file, 'utf8'), firstId: index * 10_000 }),
  ]),
);
const all = [...planted.values()].flatMap((one) => one.mutants);
const stale = LEFT_OUT.filter(
  (one) => files.includes(one.file) && !all.some((mutant) => isThat(one, mutant)),
);
for (const { file, from } of stale)
  console.error(`left-out.ts: ${file} has no “${from}” any more.`);
if (stale.length > 0) process.exit(1);
const mutants = [...planted.values()].flatMap((one) => {
  const tried = one.mutants.filter((mutant) => !LEFT_OUT.some((other) => isThat(other, mutant)));
  return drawMutants(tried, sample ?? Number.POSITIVE_INFINITY, seed);
});
const modules = await tryAll();
const scores = scoreFiles(mutants, modules);
for (const score of scores) print(score);
const total = totalOf(scores);
const seconds = Math.round((performance.now() - startedMs) / 1_000);
console.log(`${inWords(total)} (seed ${seed}, ${seconds} s)`);
process.exit(percentOf(total) < PERCENT_MIN ? 1 : process.exitCode);

/** It takes minutes, so it says how far it has come. */
function tell({ relativeModuleId, children }: TestModule): void {
  const noticed = [...children.allTests()].flatMap((test) => test.meta().noticed ?? []);
  const count = noticed.flatMap(({ killed, timedOut }) => [...killed, ...timedOut]).length;
  console.error(`${relativeModuleId} notices ${count}`);
}

async function tryAll(): Promise<readonly TestModule[]> {
  const chosen = mutants.map(({ id }) => id);
  const config = 'test/mutation/vitest.config.ts';
  const vitest = await startVitest(
    'test',
    [],
    { config, watch: false, provide: { chosen }, reporters: [{ onTestModuleEnd: tell }] },
    {
      plugins: [
        {
          name: 'plant mutants',
          enforce: 'pre',
          transform: (code, path) =>
            planted.get(path)?.code ?? code.replace(/\bnumRuns: [\d_]+/g, `numRuns: ${DRAWS}`),
        },
      ],
    },
  );
  const tried = vitest.state.getTestModules();
  // Tests that fail as they are notice nothing, and would make the score a lie.
  const failed = tried.filter((module) => module.state() === 'failed');
  for (const { relativeModuleId } of failed) console.error(`${relativeModuleId} fails as it is.`);
  if (failed.length > 0) process.exitCode = 1;
  await vitest.close();
  return tried;
}

function print(score: FileScore): void {
  console.log(`${score.file}: ${inWords(score)}`);
  for (const { file, line, from, to } of score.survivors) {
    console.log(`  ${file}:${line}  ${inShort(from)}  ->  ${inShort(to)}`);
  }
}

function inWords(score: Omit<FileScore, 'file'>): string {
  const { killed, timedOut, survivors, onlyLoaded } = score;
  const percent = percentOf(score).toFixed(1);
  return `${percent} % of ${killed + timedOut + survivors.length} (${killed} killed, ${timedOut} timed out, ${survivors.length} survived; left out: ${onlyLoaded} only at load)`;
}

function isThat(one: LeftOut, { file, from, to }: Mutant): boolean {
  return one.file === file && one.from === from && one.to === to;
}

function inShort(code: string): string {
  const line = code.replace(/\s+/g, ' ');
  return line === '' ? 'nothing' : line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
