/** One database, eight processes: however often a delivery comes, it has one effect. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asInstant } from '#domain/time.ts';
import { changeFlag } from '#operations/change-flag.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { createQueries } from '#store/sqlite/queries.ts';
import { createSqliteStore } from '#store/sqlite/store.ts';
import { dice } from '#test/bench/policy/dice.ts';
import { ana } from '#test/support/builders.ts';
import { type Row, scaled, type Trial } from '#test/torture/row.ts';

const PROCESSES = 8;
const DELIVERIES = 16_000;
const REPEATS = 32;

/** Each command is about a flag of its own, so each leaves one entry, and no more. */
export async function run(trial: Trial): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'signalman-duplicates-'));
  const path = join(folder, 'signalman.db');
  openDatabase(path).$client.close();
  const keys = scaled(DELIVERIES / REPEATS, trial);
  try {
    const ended = Array.from({ length: PROCESSES }, async (_, place) => {
      const words = [path, String(keys), String(trial.seed + place)];
      const [status] = await once(fork(fileURLToPath(import.meta.url), words), 'exit');
      return status === 0;
    });
    const failed = (await Promise.all(ended)).filter((isFine) => !isFine).length;
    const db = openDatabase(path);
    const entries = createQueries(db).lastEntries(keys + 1).length;
    db.$client.close();
    const figure = `${keys * REPEATS} deliveries of ${keys} commands from ${PROCESSES} processes: ${entries} effects, ${failed} processes failed`;
    return { name: 'duplicates', figure, ok: failed === 0 && entries === keys };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The part of one process: every command four times, in an order of its own. */
async function deliver(path: string, keys: number, seed: number): Promise<void> {
  const db = openDatabase(path);
  const deps = { store: createSqliteStore(db), clock: () => asInstant(Date.now()) };
  const random = dice(seed);
  for (let sent = 0; sent < (keys * REPEATS) / PROCESSES; sent += 1) {
    const round = Math.floor(sent / keys);
    // The last rounds go through all keys, the first ones take any, so that processes collide.
    const key = round === 0 ? sent % keys : Math.floor(random() * keys);
    const intent = { to: 'allow', by: ana, users: ['user-1'] } as const;
    const wish = { key: `flag-${key}`, intent, inboxKey: `delivery:${key}` };
    while (await changeFlag(deps, wish).then(() => false, isBusy));
  }
  db.$client.close();
}

/** Eight writers wait longer for each other than the bot would; whoever delivers tries again. */
function isBusy(error: unknown): boolean {
  if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY') return true;
  throw error;
}

const [, script, path, keys, seed] = process.argv;
if (script === fileURLToPath(import.meta.url) && path)
  await deliver(path, Number(keys), Number(seed));
