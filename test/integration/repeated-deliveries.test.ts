/** The same delivery twice on one file, as `npm run torture -- --only duplicates` does it a million times. */
import { expect, onTestFinished, test } from 'vitest';
import { changeFlag } from '#operations/change-flag.ts';
import { type Database, openDatabase } from '#store/sqlite/database.ts';
import { createSqliteStore } from '#store/sqlite/store.ts';
import { ana } from '#test/support/builders.ts';
import { aStore } from '#test/support/store.ts';

const allow = { to: 'allow', by: ana, users: ['user-1'] } as const;
const wish = { key: 'new-search', intent: allow, inboxKey: 'a delivery' };

function anotherOn(path: string): Database {
  const db = openDatabase(path);
  onTestFinished(() => {
    db.$client.close();
  });
  return db;
}

test('what was answered before is answered again while somebody else holds the lock', async () => {
  const { store, clock, path } = aStore();
  await changeFlag({ store, clock }, wish);
  anotherOn(path).$client.exec('BEGIN IMMEDIATE');
  const repeated = await changeFlag({ store, clock }, wish);
  expect(repeated).toMatchObject({ ok: true, value: { repeated: true, auditSeq: 1 } });
});

test('what somebody else decides just before the lock is had is not decided again', async () => {
  const { store, clock, path, db, queries } = aStore();
  const other = { store: createSqliteStore(anotherOn(path)), clock };
  const begin = db.transaction.bind(db);
  const beginLate: typeof begin = (...given) => {
    void changeFlag(other, wish);
    return begin(...given);
  };
  Object.assign(db, { transaction: beginLate });
  const repeated = await changeFlag({ store, clock }, wish);
  expect(repeated).toMatchObject({ ok: true, value: { repeated: true, auditSeq: 1 } });
  expect(queries.lastEntries(5)).toHaveLength(1);
});
