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
import { dice } from '#test/bench/policy/dice.ts';
import { machine } from '#test/support/node-process.ts';
import { type Row, scaled, type Trial, untriedOf } from '#test/torture/row.ts';

const CUTS = 500;
/** Enough of the other mode to see it lose something. */
const NORMAL_CUTS = 20;
const CALLS_MAX = 1_500;
const AT_ONCE = 2;

const SHIM = fileURLToPath(new URL('power/power-cut.c', import.meta.url));
const WRITER = fileURLToPath(new URL('power/writer.ts', import.meta.url));

export async function run(trial: Trial): Promise<Row> {
  const name = 'power-cut';
  if (spawnSync('cc', ['--version']).status !== 0)
    return {
      name,
      // Where a build promises it, it has to be there.
      ok: process.env['CI'] !== 'true',
      figure: 'not tried',
      untried: 'no C compiler is there (cc)',
    };
  const folder = mkdtempSync(join(tmpdir(), 'signalman-power-'));
  try {
    const shim = join(folder, 'power-cut.so');
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', shim, SHIM, '-ldl', '-pthread']);
    const roll = dice(trial.seed);
    const cuts = (mode: Cut['mode'], count: number): Cut[] =>
      Array.from({ length: count }, (_, index) => ({
        mode,
        shim,
        path: join(folder, `${mode}-${index}.db`),
        keeps: index % 2 === 0 ? 'nothing' : 'half',
        afterCalls: 100 + Math.floor(roll() * CALLS_MAX),
        seed: Math.floor(roll() * 2 ** 31),
      }));
    const wanted = scaled(CUTS, trial);
    const full = await cutAll(cuts('FULL', wanted), trial.isOver);
    const normal = await cutAll(cuts('NORMAL', NORMAL_CUTS));
    const figure =
      `${full.cuts} cuts with FULL lost ${full.lost} of ${full.acknowledged} acknowledged commits ` +
      `and broke ${full.broken} databases; ${normal.cuts} with NORMAL lost ${normal.lost}`;
    const ok = full.lost === 0 && full.broken === 0 && normal.lost > 0;
    return { name, figure, ok, ...untriedOf(full.cuts, wanted, 'cuts') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Cut = {
  readonly mode: 'FULL' | 'NORMAL';
  readonly shim: string;
  readonly path: string;
  readonly keeps: 'nothing' | 'half';
  readonly afterCalls: number;
  readonly seed: number;
};

async function cutAll(cuts: readonly Cut[], isOver?: Trial['isOver']) {
  const sums = { cuts: 0, acknowledged: 0, lost: 0, broken: 0 };
  const left = [...cuts];
  const lane = async () => {
    for (let cut = left.pop(); cut && !isOver?.(); cut = left.pop()) {
      const { acknowledged, kept, isSound } = await cutOnce(cut);
      sums.cuts += 1;
      sums.acknowledged += acknowledged;
      sums.lost += Math.max(0, acknowledged - kept);
      sums.broken += isSound ? 0 : 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return sums;
}

async function cutOnce({ mode, shim, path, keeps, afterCalls, seed }: Cut) {
  const writer = spawn(process.execPath, [WRITER, path, mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...machine(),
      LD_PRELOAD: shim,
      POWER_CUT_FILE: path,
      POWER_CUT_AFTER: String(afterCalls),
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
  const acknowledged = Number(said.trim().split('\n').at(-1) ?? 0);
  const db = openDatabase(path);
  const chain = checkChain(readRegister(db));
  const sound = db.$client.pragma('integrity_check', { simple: true });
  db.$client.close();
  rmSync(path);
  const kept = chain.intact ? chain.entries : 0;
  return { acknowledged, kept, isSound: chain.intact && sound === 'ok' };
}
