/**
 * One database, eight processes, each of which dies once: however often a delivery comes, it has one
 * effect.
 */
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
  const roll = dice(trial.seed);
  try {
    const ended = await Promise.all(
      Array.from({ length: PROCESSES }, (_, place) => {
        // While every command is still new somewhere, or soon afterwards.
        const diesAfter = 1 + Math.floor(roll() * 2 * keys);
        const share = { path, keys, wanted: wanted / PROCESSES, seed: trial.seed + place };
        return deliverElsewhere(share, trial, diesAfter);
      }),
    );
    const sum = (of: (one: Ended) => number) => ended.reduce((total, one) => total + of(one), 0);
    const [count, failed] = [sum(({ delivered }) => delivered), sum(({ failures }) => failures)];
    const db = openDatabase(path);
    const entries = createQueries(db).lastEntries(keys + 1).length;
    db.$client.close();
    const figure =
      `${count} deliveries of ${keys} commands from ${PROCESSES} processes, ` +
      `${sum(({ kills }) => kills)} of them killed midway and started again: ${entries} effects, ` +
      `${failed} processes failed`;
    const ok = failed === 0 && entries === keys;
    return { name: 'duplicates', figure, ok, ...untriedOf(count, wanted, 'deliveries') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Share = {
  readonly path: string;
  readonly keys: number;
  readonly wanted: number;
  readonly seed: number;
};
/** What is known to be delivered; one that is killed delivered up to a hundred more. */
type Ended = { readonly delivered: number; readonly kills: number; readonly failures: number };

const LOOK_MS = 500;

/** The share of one process, which starts again with what is left of it when it is killed. */
async function deliverElsewhere(share: Share, trial: Trial, diesAfter: number): Promise<Ended> {
  const { path, keys, wanted, seed } = share;
  const child = fork(fileURLToPath(import.meta.url), [path, keys, wanted, seed].map(String));
  let delivered = 0;
  child.on('message', (count: number) => {
    delivered = count;
    if (delivered >= diesAfter) child.kill('SIGKILL');
  });
  const look = setInterval(() => {
    // One that has just ended hears nothing any more.
    if (trial.isOver?.() && child.connected) child.send('enough', () => {});
  }, LOOK_MS);
  const [status, signal] = (await once(child, 'close')) as [number | null, string | null];
  clearInterval(look);
  if (signal !== 'SIGKILL') return { delivered, kills: 0, failures: status === 0 ? 0 : 1 };
  const left = { ...share, wanted: wanted - delivered, seed: seed + PROCESSES };
  const after = await deliverElsewhere(left, trial, Number.POSITIVE_INFINITY);
  return { ...after, delivered: delivered + after.delivered, kills: 1 };
}

/** The part of one process: every command once, and then any of them, so that processes collide. */
async function deliver({ path, keys, wanted, seed }: Share): Promise<void> {
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
    if (sent % SAYS_EVERY !== 0) continue;
    process.send?.(sent);
    // Whoever says that it is enough is heard between two turns.
    await nextTurn();
  }
  db.$client.close();
  process.send?.(sent, () => process.disconnect());
}

const SAYS_EVERY = 100;

/** Eight writers wait longer for each other than the bot would; whoever delivers tries again. */
function isBusy(error: unknown): boolean {
  if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY') return true;
  throw error;
}

const [, script, path, ...numbers] = process.argv;
const [keys = 0, wanted = 0, seed = 0] = numbers.map(Number);
if (script === fileURLToPath(import.meta.url) && path) await deliver({ path, keys, wanted, seed });
