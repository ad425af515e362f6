/**
 * Power cuts, played by a shim between SQLite and the disk: with FULL nothing that was acknowledged
 * is lost. That the same cuts lose something with NORMAL shows that the shim really cuts.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkChain } from '#store/check-register.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { readRegister } from '#store/sqlite/register.ts';
import { type Dice, dice } from '#test/bench/policy/dice.ts';
import { machine } from '#test/support/node-process.ts';
import { type Row, scaled, type Trial, untriedOf } from '#test/torture/row.ts';

const CUTS = 500;
/** Enough of the other mode to see it lose something. */
const NORMAL_CUTS = 20;
/** In the life of one process, which takes longer to start than to be cut off. */
const CUTS_EACH = 20;
/** At most so many writes and syncs from one to the next. */
const CALLS_MAX = 500;

const SHIM = fileURLToPath(new URL('power/power-cut.c', import.meta.url));
const WRITER = fileURLToPath(new URL('power/writer.ts', import.meta.url));

/** In words what is missing on this machine; undefined when power can be cut. */
export const whyNoPowerCut = () =>
  spawnSync('cc', ['--version']).status === 0 ? undefined : 'no C compiler is there (cc)';

export async function run(trial: Trial): Promise<Row> {
  const name = 'power-cut';
  const untried = whyNoPowerCut();
  // Where a build promises it, it has to be there.
  if (untried) return { name, ok: process.env['CI'] !== 'true', figure: 'not tried', untried };
  const roll = dice(trial.seed);
  const wanted = scaled(CUTS, trial);
  const full = await cutPower({ mode: 'FULL', times: wanted, roll }, trial.isOver);
  const normal = await cutPower({ mode: 'NORMAL', times: NORMAL_CUTS, roll });
  const figure =
    `${full.cuts} cuts with FULL lost ${full.lost} of ${full.acknowledged} acknowledged commits ` +
    `and broke ${full.broken} databases; ${normal.cuts} with NORMAL lost ${normal.lost}`;
  const ok = full.lost === 0 && full.broken === 0 && normal.lost > 0;
  return { name, figure, ok, ...untriedOf(full.cuts, wanted, 'cuts') };
}

type Mode = 'FULL' | 'NORMAL';
type Cuts = { readonly mode: Mode; readonly times: number; readonly roll: Dice };

/** Of what was acknowledged at each cut, how much its disk does not hold. */
export async function cutPower({ mode, times, roll }: Cuts, isOver?: Trial['isOver']) {
  const sums = { cuts: 0, acknowledged: 0, lost: 0, broken: 0 };
  const folder = mkdtempSync(join(tmpdir(), 'signalman-power-'));
  try {
    const shim = join(folder, 'power-cut.so');
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', shim, SHIM, '-ldl', '-pthread']);
    for (let nth = 0; sums.cuts < times && !isOver?.(); nth += 1) {
      const path = join(folder, `${nth}.db`);
      const cuts = Math.min(CUTS_EACH, times - sums.cuts);
      const keeps = nth % 2 === 0 ? 'nothing' : 'half';
      const seed = Math.floor(roll() * 2 ** 31);
      const life = await liveOn({ mode, shim, path, keeps, cuts, seed });
      sums.acknowledged += life.at(-1) ?? 0;
      for (const [at, acknowledged] of life.entries()) {
        const { kept, isSound } = heldBy(`${path}.cut-${at + 1}`);
        sums.cuts += 1;
        sums.lost += Math.max(0, acknowledged - kept);
        sums.broken += isSound ? 0 : 1;
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return sums;
}

type Life = {
  readonly mode: Mode;
  readonly shim: string;
  readonly path: string;
  readonly keeps: 'nothing' | 'half';
  readonly cuts: number;
  readonly seed: number;
};

/** One process until its last cut: how many commits it had acknowledged at each of them. */
async function liveOn({ mode, shim, path, keeps, cuts, seed }: Life): Promise<readonly number[]> {
  const writer = spawn(process.execPath, [WRITER, path, mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...machine(),
      LD_PRELOAD: shim,
      POWER_CUT_FILE: path,
      POWER_CUT_EVERY: String(CALLS_MAX),
      POWER_CUT_TIMES: String(cuts),
      POWER_CUT_KEEPS: keeps,
      POWER_CUT_SEED: String(seed),
    },
  });
  let said = '';
  writer.stdout.on('data', (text) => {
    said += text;
  });
  const [code] = await once(writer, 'close');
  if (code !== 137) throw new Error(`The power did not fail: the writer ended with ${code}`);
  let acknowledged = 0;
  return said
    .trim()
    .split('\n')
    .flatMap((line) => {
      if (line.startsWith('cut')) return [acknowledged];
      acknowledged = Number(line);
      return [];
    });
}

/** What is found on a disk after the power is back. */
function heldBy(path: string): { readonly kept: number; readonly isSound: boolean } {
  const db = openDatabase(path);
  const chain = checkChain(readRegister(db));
  const sound = db.$client.pragma('integrity_check', { simple: true });
  db.$client.close();
  rmSync(path);
  return { kept: chain.intact ? chain.entries : 0, isSound: chain.intact && sound === 'ok' };
}
