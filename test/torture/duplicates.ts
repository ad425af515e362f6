/** One database, eight processes: however often a delivery comes, it has one effect. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { asInstant } from '#domain/time.ts';
import { changeFlag } from '#operations/change-flag.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { createQueries } from '#store/sqlite/queries.ts';
import { createSqliteStore } from '#store/sqlite/store.ts';
import { dice } from '#test/bench/policy/dice.ts';
import { ana } from '#test/support/builders.ts';
import { type Row, scaled, type Trial, untriedOf } from '#test/torture/row.ts';

const PROCESSES = 8;
const DELIVERIES = 1_000_000;
/** Of so many commands, so that nearly all are repeats; each first one is written and synced. */
const COMMANDS = 500;

/** Each command is about a flag of its own, so each leaves one entry, and no more. */
export async function run(trial: Trial): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'signalman-duplicates-'));
  const path = join(folder, 'signalman.db');
  openDatabase(path).$client.close();
  const keys = scaled(COMMANDS, trial);
  const wanted = scaled(DELIVERIES, trial);
  try {
    const delivered = await Promise.all(
      Array.from({ length: PROCESSES }, (_, place) =>
        startOne([path, keys, wanted / PROCESSES, trial.seed + place], trial),
      ),
    );
    const failed = delivered.filter((count) => count === undefined).length;
    const count = delivered.reduce<number>((sum, one) => sum + (one ?? 0), 0);
    const db = openDatabase(path);
    const entries = createQueries(db).lastEntries(keys + 1).length;
    db.$client.close();
    const figure = `${count} deliveries of ${keys} commands from ${PROCESSES} processes: ${entries} effects, ${failed} processes failed`;
    const ok = failed === 0 && entries === keys;
    return { name: 'duplicates', figure, ok, ...untriedOf(count, wanted, 'deliveries') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const LOOK_MS = 500;

/** How many it has delivered when it ends, of itself or because time is up. */
async function startOne(words: readonly (string | number)[], { isOver }: Trial) {
  const child = fork(fileURLToPath(import.meta.url), words.map(String));
  let delivered: number | undefined;
  child.on('message', (count: number) => {
    delivered = count;
  });
  const look = setInterval(() => {
    // One that has just ended hears nothing any more.
    if (isOver?.() && child.connected) child.send('enough', () => {});
  }, LOOK_MS);
  const [status] = (await once(child, 'close')) as [number | null];
  clearInterval(look);
  return status === 0 ? delivered : undefined;
}

/** The part of one process: every command once, and then any of them, so that processes collide. */
async function deliver(path: string, keys: number, wanted: number, seed: number): Promise<void> {
  const db = openDatabase(path);
  const deps = { store: createSqliteStore(db), clock: () => asInstant(Date.now()) };
  const random = dice(seed);
  let isEnough = false;
  process.once('message', () => {
    isEnough = true;
  });
  let sent = 0;
  for (; sent < Math.max(keys, wanted) && !(isEnough && sent >= keys); sent += 1) {
    const key = sent < keys ? sent : Math.floor(random() * keys);
    const intent = { to: 'allow', by: ana, users: ['user-1'] } as const;
    const wish = { key: `flag-${key}`, intent, inboxKey: `delivery:${key}` };
    while (await changeFlag(deps, wish).then(() => false, isBusy));
    // Whoever says that it is enough is heard between two turns.
    if (sent % LISTENS_EVERY === 0) await nextTurn();
  }
  db.$client.close();
  process.send?.(sent, () => process.disconnect());
}

const LISTENS_EVERY = 100;

/** Eight writers wait longer for each other than the bot would; whoever delivers tries again. */
function isBusy(error: unknown): boolean {
  if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY') return true;
  throw error;
}

const [, script, path, ...numbers] = process.argv;
const [keys = 0, wanted = 0, seed = 0] = numbers.map(Number);
if (script === fileURLToPath(import.meta.url) && path) await deliver(path, keys, wanted, seed);
