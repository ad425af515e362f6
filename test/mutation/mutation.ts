/**
 * `npm run mutation`: changes the domain and the store in small ways, and counts the changes that no
 * test notices. `-- src/domain/policy` tries a folder or a file, `-- --sample 20` draws so many
 * mutants of each file, and `-- --seed 7` draws those of an earlier run again.
 * It ends with status 1 when fewer than 85 in a hundred are noticed.
 */
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { divideMutants } from '#test/mutation/divide.ts';
import { drawMutants } from '#test/mutation/draw-mutants.ts';
import { followLane } from '#test/mutation/follow-lane.ts';
import { LEFT_OUT, type LeftOut } from '#test/mutation/left-out.ts';
import type { Note } from '#test/mutation/notes.ts';
import { type Mutant, plantMutants } from '#test/mutation/plant.ts';
import { type FileScore, percentOf, scoreFiles, totalOf } from '#test/mutation/score.ts';

const PERCENT_MIN = 85;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string' },
    seed: { type: 'string' },
    lanes: { type: 'string', default: '2' },
  },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const sample = values.sample === undefined ? undefined : Number(values.sample);
const laneCount = Number(values.lanes);
const paths = positionals.length > 0 ? positionals : ['src/domain', 'src/store'];
const files = globSync('src/{domain,store}/**/*.ts')
  .filter((file) => paths.some((path) => file.startsWith(path)))
  .toSorted();
const isMisread = ![seed + 1, sample ?? 1, laneCount].every((number) => number >= 1);
if (files.length === 0 || isMisread) {
  console.error(
    'Usage: npm run mutation -- [src/domain/…|src/store/…]… [--sample <number>] [--seed <number>] [--lanes <number>]',
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
const notes = await tryAll();
// Tests that fail as they are notice nothing, and would make the score a lie.
const failing = new Set(notes.flatMap((note) => ('failing' in note ? note.failing : [])));
for (const file of failing) console.error(`${file} fails as it is.`);
const scores = scoreFiles(mutants, notes);
for (const score of scores) print(score);
for (const [folder, own] of Map.groupBy(scores, ({ file }) => dirname(file)))
  console.log(`${folder}/: ${inWords(totalOf(own))}`);
const total = totalOf(scores);
const seconds = Math.round((performance.now() - startedMs) / 1_000);
console.log(`${inWords(total)} (seed ${seed}, ${seconds} s, ${laneCount} lanes)`);
process.exit(percentOf(total) < PERCENT_MIN || failing.size > 0 ? 1 : 0);

async function tryAll(): Promise<readonly Note[]> {
  const folder = mkdtempSync(join(tmpdir(), 'signalman-mutation-'));
  try {
    const code = Object.fromEntries([...planted].map(([path, one]) => [path, one.code]));
    const lanes = divideMutants(mutants, laneCount).map((chosen, index) =>
      followLane(makeDesk(join(folder, `${index + 1}`)), {
        root: resolve('.'),
        planted: code,
        chosen,
      }),
    );
    return (await Promise.all(lanes)).flat();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A place that looks like this one and is thrown away, for a mutant may write files where it stands. */
function makeDesk(folder: string): string {
  const desk = join(folder, 'desk');
  mkdirSync(desk, { recursive: true });
  for (const name of readdirSync('.')) symlinkSync(resolve(name), join(desk, name));
  return folder;
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
