import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { no } from '#domain/result.ts';
import { unchanged } from '#domain/service.ts';
import type { ChangeStore } from '#store/port.ts';
import { isDamage, watchForDamage } from '#store/sqlite/damage.ts';
import {
  type Database,
  inTransaction,
  isBusy,
  openDatabase,
  openForReading,
} from '#store/sqlite/database.ts';
import { noon } from '#test/support/builders.ts';
import { aFolder, aStore } from '#test/support/store.ts';

const LOCKED = 'database is locked';

/** A stray process that holds the lock of a database until it lets go. */
function aStrayHolder(path: string) {
  const stray = new Sqlite(path, { timeout: 0 });
  onTestFinished(() => void stray.close());
  return {
    hold: () => stray.exec('BEGIN IMMEDIATE'),
    letGo: () => stray.exec('ROLLBACK'),
  };
}

/** How long it would wait for the lock now; each wait blocks the whole process, kills included. */
const waitsMs = ({ $client }: Database) => $client.pragma('busy_timeout', { simple: true });

const tables = ({ $client }: Database) =>
  $client.prepare(`select name from sqlite_schema where name = 'made'`).all().length;
const make = ({ $client }: Database) => void $client.exec('create table made (id)');

test('a lock that was waited for in vain is not waited for again until it is gone', () => {
  const { db, path } = aStore();
  const { hold, letGo } = aStrayHolder(path);
  expect(waitsMs(db)).toBe(500);
  db.$client.pragma('busy_timeout = 20');
  hold();
  expect(() => inTransaction(db, () => {})).toThrow(LOCKED);
  expect(waitsMs(db)).toBe(0);
  expect(() => inTransaction(db, () => {})).toThrow(LOCKED);
  expect(waitsMs(db)).toBe(0);
  letGo();
  expect(inTransaction(db, () => 'done')).toBe('done');
  expect(waitsMs(db)).toBe(500);
  // What fails for another reason is no sign of a lock.
  const fail = () => {
    throw new Error('a bug');
  };
  expect(() => inTransaction(db, fail)).toThrow('a bug');
  expect(waitsMs(db)).toBe(500);
});

test('whoever tries again by themselves does not wait at all, and the next one does', async () => {
  const { db, path, store } = aStore();
  const { hold, letGo } = aStrayHolder(path);
  const waited = inTransaction(db, () => waitsMs(db), 'none');
  expect([waited, waitsMs(db)]).toEqual([0, 500]);
  expect(inTransaction(db, () => waitsMs(db))).toBe(500);
  hold();
  expect(() => inTransaction(db, () => {}, 'none')).toThrow(LOCKED);
  letGo();
  expect(inTransaction(db, () => waitsMs(db))).toBe(0);
  expect(waitsMs(db)).toBe(500);

  const waits: unknown[] = [];
  const look = () => {
    waits.push(waitsMs(db));
    return unchanged(null);
  };
  const register = { kind: 'register', name: 'test' } as const;
  await store.change(register, look, { at: noon, isRetried: true });
  await store.change(register, look, { at: noon });
  expect(waits).toEqual([0, 500]);
});

test('a delivery that was decided before is answered, whoever holds the lock', async () => {
  const { path, store } = aStore();
  const register = { kind: 'register', name: 'test' } as const;
  const deliver = () =>
    store.change(register, () => no({ refusal: { code: 'nothing_asked' } }), {
      ...{ at: noon, inboxKey: 'k1', isRetried: true },
    });
  const first = await deliver();
  aStrayHolder(path).hold();
  expect(await deliver()).toEqual(first);
});

test('what another process decided while this one waited for its turn is not decided again', async () => {
  const { db, path, store } = aStore();
  const other = aStore(path);
  const register = { kind: 'register', name: 'test' } as const;
  const request = { at: noon, inboxKey: 'k1' };
  const deliver = (to: ChangeStore, code: 'nothing_asked' | 'nothing_to_review') =>
    to.change(register, () => no({ refusal: { code } }), request);
  const begin = db.$client.transaction.bind(db.$client);
  const othersTurn: Promise<unknown>[] = [];
  const transaction: typeof begin = (work) => {
    othersTurn.push(deliver(other.store, 'nothing_to_review'));
    return begin(work);
  };
  Object.assign(db.$client, { transaction });
  expect(await deliver(store, 'nothing_asked')).toEqual(no({ code: 'nothing_to_review' }));
  expect(await Promise.all(othersTurn)).toHaveLength(1);
});

test('from its first look on nobody else writes, and what throws leaves nothing', () => {
  const { db, path } = aStore();
  const { hold } = aStrayHolder(path);
  inTransaction(db, () => expect(hold).toThrow(LOCKED));
  const broken = () => {
    make(db);
    throw new Error('a bug');
  };
  expect(() => inTransaction(db, broken)).toThrow('a bug');
  expect(tables(db)).toBe(0);
  inTransaction(db, () => make(db));
  expect(tables(db)).toBe(1);
});

test('damage that SQLite meets by itself is told, and nothing is begun after that', () => {
  const { db } = aStore();
  const told: string[] = [];
  watchForDamage(db.$client, ({ message }) => told.push(message));
  const pass = () => {
    throw Object.assign(new Error('no room'), { code: 'SQLITE_FULL' });
  };
  const meet = () => {
    throw Object.assign(new Error('malformed'), { code: 'SQLITE_CORRUPT' });
  };
  expect(() => inTransaction(db, pass)).toThrow('no room');
  const remember = () => db.$client.prepare(`insert into inbox (key, at) values ('k1', 1)`).run();
  remember();
  expect(remember).toThrow('UNIQUE constraint failed');
  expect(told).toEqual([]);
  expect(() => inTransaction(db, meet)).toThrow('malformed');
  let isBegun = false;
  const begin = () => {
    isBegun = true;
  };
  expect(() => inTransaction(db, begin)).toThrow('malformed');
  expect(() => inTransaction(db, pass)).toThrow('malformed');
  expect([told, isBegun]).toEqual([['malformed'], false]);
});

test('only what SQLite calls busy is a lock', () => {
  const coded = (code: string) => new Sqlite.SqliteError('', code);
  expect(['SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT'].map(coded).map(isBusy)).toEqual([true, true]);
  expect(
    [coded('SQLITE_FULL'), Object.assign(new Error(), { code: 'SQLITE_BUSY' })].map(isBusy),
  ).toEqual([false, false]);
  expect([isDamage('SQLITE_CORRUPT'), isDamage(new Error('SQLITE_CORRUPT'))]).toEqual([
    false,
    false,
  ]);
});

test('a file is made with its folder, and each commit is on the disk before it is acknowledged', () => {
  const path = join(aFolder(), 'new', 'deep', 'signalman.db');
  for (const time of ['new', 'opened again']) {
    const { $client } = openDatabase(path);
    $client.exec(`insert into inbox (key, at) values ('${time}', 1)`);
    expect($client.pragma('synchronous', { simple: true }), time).toBe(2);
    expect($client.pragma('journal_mode', { simple: true }), time).toBe('wal');
    $client.close();
  }
});

test('a reader beside a running process never writes, and makes no file', () => {
  const { db, path } = aStore();
  const reader = openForReading(path);
  onTestFinished(() => void reader.$client.close());
  expect(() => make(reader)).toThrow('attempt to write a readonly database');
  expect(waitsMs(reader)).toBe(500);
  make(db);
  expect(tables(reader)).toBe(1);
  expect(() => openForReading(`${path}.none`)).toThrow('unable to open database file');
  expect(existsSync(`${path}.none`)).toBe(false);
});

test('what somebody has planted into the schema runs nothing of ours', () => {
  const { db, path } = aStore();
  db.$client.exec('create view planted as select secret() as secret');
  const reader = openForReading(path);
  onTestFinished(() => void reader.$client.close());
  for (const { $client } of [db, reader]) {
    $client.function('secret', () => 'xoxb');
    expect(() => $client.prepare('select * from planted').get()).toThrow('unsafe use of secret()');
  }
});
