import {
  closeSync,
  openSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { no, yes } from '#domain/result.ts';
import { emptySnapshot, withFlag, withKill, withService } from '#domain/snapshot.ts';
import { forgetDamage, markDamaged, readDamage } from '#store/damage-mark.ts';
import { readSnapshotFile, snapshotPath, writeSnapshotFile } from '#store/snapshot-file.ts';
import { openForReading } from '#store/sqlite/database.ts';
import {
  readDefaultEnvironment,
  rememberDefaultEnvironment,
} from '#store/sqlite/default-environment.ts';
import { ownDatabase } from '#store/sqlite/owner.ts';
import { damageIn, isPassing, openSoundDatabase } from '#store/sqlite/sound-database.ts';
import { createUnopenedQueries, createUnopenedStore } from '#store/unopened.ts';
import { aFlag, aService, aSplit } from '#test/support/agents.ts';
import { noon } from '#test/support/builders.ts';
import { aFolder, aStore } from '#test/support/store.ts';

const aPath = () => join(aFolder(), 'signalman.db');

test('one process owns a database at a time, and the other is told which', () => {
  const path = join(aFolder(), 'new', 'signalman.db');
  const first = ownDatabase(path, 'pid 1');
  expect(first.owned).toBe(true);
  const askedMs = performance.now();
  expect(ownDatabase(path, 'pid 2')).toEqual({ owned: false, holder: 'pid 1' });
  // Whoever starts beside another one hears so at once; SQLite itself would wait for five seconds.
  expect(performance.now() - askedMs).toBeLessThan(4_500);
  if (first.owned) first.release();
  const second = ownDatabase(path, 'pid 2');
  expect(second.owned).toBe(true);
  expect(readFileSync(`${path}.holder`, 'utf8')).toBe('pid 2');
  if (second.owned) second.release();
  expect(() => readFileSync(`${path}.holder`)).toThrow('ENOENT');
});

test('a name that cannot be written down keeps nobody from owning a database', () => {
  const path = aPath();
  symlinkSync(join(path, 'nowhere'), `${path}.holder`);
  const first = ownDatabase(path, 'pid 1');
  expect(first.owned).toBe(true);
  // Whatever stood there before would name somebody else.
  expect(() => readlinkSync(`${path}.holder`)).toThrow('ENOENT');
  expect(ownDatabase(path, 'pid 2')).toEqual({ owned: false, holder: 'another process' });
  if (first.owned) first.release();
});

test('a lock file that is none is no sign of another process', () => {
  const path = aPath();
  writeFileSync(`${path}.lock`, 'no lock at all'.repeat(400));
  expect(() => ownDatabase(path, 'pid 1')).toThrow('file is not a database');
});

test('a database that was found damaged is marked until it is another file', () => {
  const path = aPath();
  writeFileSync(path, 'one');
  expect(readDamage(path)).toBeUndefined();
  markDamaged(path, 'SQLITE_CORRUPT: a page');
  expect(readDamage(path)).toBe('SQLITE_CORRUPT: a page');
  expect(statSync(`${path}.damaged`).mode & 0o777).toBe(0o600);
  expect(openSoundDatabase(path, () => 0)).toEqual({
    ok: false,
    refusal: { why: 'SQLITE_CORRUPT: a page', isDamaged: true },
  });

  forgetDamage(path);
  expect(readDamage(path)).toBeUndefined();
  writeFileSync(`${path}.damaged`, 'file 1 born 1\nof a former file\n');
  expect(readDamage(path)).toBeUndefined();
  expect(() => statSync(`${path}.damaged`)).toThrow('ENOENT');
});

test('a database that is gone stays marked until there is one, and half a mark is one too', () => {
  const path = aPath();
  forgetDamage(path);
  markDamaged(path, 'it is gone');
  expect(readFileSync(`${path}.damaged`, 'utf8')).toBe('no file\nit is gone\n');
  expect(readDamage(path)).toBe('it is gone');
  writeFileSync(path, 'one');
  expect(readDamage(path)).toBeUndefined();
  markDamaged(path, 'SQLITE_CORRUPT: a page');
  // A number of a file is given again, but not at the same nanosecond.
  expect(readFileSync(`${path}.damaged`, 'utf8')).toMatch(/^file \d+ born \d{19}\nSQLITE/);
  const [identity = ''] = readFileSync(`${path}.damaged`, 'utf8').split('\n');
  writeFileSync(`${path}.damaged`, identity);
  expect(readDamage(path)).toBe('');
});

test('a file that is no database is damaged, and a folder that cannot be is not', () => {
  const path = aPath();
  writeFileSync(path, 'this is no database at all, but some text that is long enough'.repeat(40));
  expect(openSoundDatabase(path, () => 0)).toMatchObject({ refusal: { isDamaged: true } });
  const file = join(path, 'below-a-file.db');
  expect(openSoundDatabase(file, () => 0)).toMatchObject({ refusal: { isDamaged: false } });
  expect(isPassing(new Error('no code'))).toBe(false);
});

/** Some rows of a table, whose pages are overwritten; a start does not read them by itself. */
function withDamageIn(table: 'inbox' | 'audit') {
  const { db, path, store } = aStore();
  const { rootpage } = db.$client
    .prepare<[], { rootpage: number }>(`select rootpage from sqlite_schema where name = '${table}'`)
    .get() ?? { rootpage: 0 };
  db.$client.pragma('wal_checkpoint(TRUNCATE)');
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(4_096, 'garbage'), 0, null, (rootpage - 1) * 4_096);
  closeSync(file);
  const tables = db.$client
    .prepare(`select count(*) from sqlite_schema where type = 'table'`)
    .pluck()
    .get();
  return { path, store, tables: Number(tables) };
}

test('damage in a table that a start does not read is found before anybody is answered', () => {
  const { path } = withDamageIn('inbox');
  const opened = openSoundDatabase(path, () => 5_000);
  expect(opened).toMatchObject({ ok: false, refusal: { isDamaged: true } });
});

test('what is wrong in a file that can be read is told in the words of SQLite', () => {
  const { db, path } = aStore();
  db.$client.exec('create table made (id); insert into made values (null)');
  db.$client.unsafeMode().pragma('writable_schema = ON');
  db.$client.exec(`update sqlite_schema set sql = 'create table made (id not null)'
    where name = 'made'`);
  const [reader, why] = [openForReading(path), 'NULL value in made.id'];
  expect(damageIn(reader)).toEqual([why]);
  reader.$client.close();
  expect(openSoundDatabase(path, () => 0)).toEqual(no({ why, isDamaged: true }));
});

test('a start looks for a second, first at what it needs and last at what only people read', () => {
  /** A clock on which looking at so many tables takes a second, to the millisecond. */
  const enoughFor = (looks: number) => {
    let asked = 0;
    return () => {
      asked += 1;
      return asked === 1 ? 5_000 : asked - 1 <= looks ? 6_000 : 6_001;
    };
  };
  const isFound = (table: 'inbox' | 'audit', looksLeftOut: number) => {
    const { path, tables } = withDamageIn(table);
    const opened = openSoundDatabase(path, enoughFor(tables - looksLeftOut));
    if (opened.ok) opened.value.$client.close();
    return !opened.ok;
  };
  expect(isFound('inbox', 4)).toBe(true);
  expect(isFound('audit', 1)).toBe(false);
  expect(isFound('audit', 0)).toBe(true);
});

test('a bug is no state of a file', () => {
  const clock = () => {
    throw new Error('a bug');
  };
  expect(() => openSoundDatabase(aPath(), clock)).toThrow('a bug');
});

test('a sound database is opened, and nothing is found in it', () => {
  const opened = openSoundDatabase(aPath(), () => 0);
  if (!opened.ok) throw new Error(opened.refusal.why);
  expect(damageIn(opened.value)).toEqual([]);
  opened.value.$client.close();
});

test('what agents were answered last is read back as it was', async () => {
  const path = snapshotPath(aPath());
  expect(readSnapshotFile(path)).toBeUndefined();
  const split = aSplit({ testers: new Set(['anna']) });
  const flag = aFlag({ state: 'percentage', percent: 5, allowed: new Set(['ben']) });
  const snapshot = withKill(
    withFlag(
      withService(emptySnapshot('production'), 'support-agent', aService({ split })),
      'new-search',
      flag,
    ),
    'writes',
    true,
  );
  await writeSnapshotFile(path, snapshot);
  expect(readSnapshotFile(path)).toEqual(snapshot);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  writeFileSync(path, '{"generation": 1}');
  expect(readSnapshotFile(path)).toBeUndefined();
});

test('whatever needs a database that is not there is told why', async () => {
  const why = { code: 'DATABASE_UNOPENED', message: 'it is locked' };
  const { change } = createUnopenedStore('it is locked');
  const wish = change({ kind: 'killswitch', name: 'writes' }, (next) => yes({ next, owes: [] }), {
    at: noon,
  });
  await expect(wish).rejects.toMatchObject(why);
  expect(() => createUnopenedQueries('it is locked').lastEntries(1)).toThrow(
    expect.objectContaining(why),
  );
});

test('the default environment is remembered, the last one that was', () => {
  const { db } = aStore();
  expect(readDefaultEnvironment(db)).toBeUndefined();
  rememberDefaultEnvironment(db, 'production');
  rememberDefaultEnvironment(db, 'live');
  expect(readDefaultEnvironment(db)).toBe('live');
});

test('where a message was posted is remembered, moved and forgotten', () => {
  const { messages } = aStore();
  expect(messages.find('card:12')).toBeUndefined();
  messages.remember('card:12', { channel: 'C1', ts: '1.0' }, noon);
  messages.remember('card:13', { channel: 'C1', ts: '2.0' }, noon);
  messages.remember('card:12', { channel: 'C2', ts: '3.0' }, noon);
  expect(messages.find('card:12')).toEqual({ channel: 'C2', ts: '3.0' });
  messages.forget('card:12');
  expect(messages.find('card:12')).toBeUndefined();
  expect(messages.find('card:13')).toEqual({ channel: 'C1', ts: '2.0' });
});
