import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { databaseCommand } from '#adapters/cli/database-command.ts';
import { outageWords } from '#adapters/words/outage-words.ts';
import { startRelease } from '#operations/start-release.ts';
import { throwKillSwitch } from '#operations/throw-kill-switch.ts';
import { markDamaged } from '#store/damage-mark.ts';
import { isDamage, watchForDamage } from '#store/sqlite/damage.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { openSoundDatabase } from '#store/sqlite/sound-database.ts';
import { createSqliteStore } from '#store/sqlite/store.ts';
import { ana, chidi } from '#test/support/builders.ts';
import { damageDatabase } from '#test/support/damage.ts';
import { ground } from '#test/support/slack-bot.ts';
import { aFolder } from '#test/support/store.ts';

/** A database in use, whose pages are overwritten under it. */
async function aDamagedHouse() {
  const house = await ground();
  const told: string[] = [];
  watchForDamage(house.db.$client, ({ message }) => told.push(message));
  // Only what is prepared from now on is watched.
  const store = createSqliteStore(house.db);
  const deps = { ...house, store, override: house.snapshots, serviceNames: () => [] };
  damageDatabase(house.path);
  // Pages that SQLite still has in memory are as they were.
  house.db.$client.pragma('shrink_memory');
  return {
    ...{ told, acts: house.snapshots.acts, journal: house.journal },
    read: () => house.db.$client.prepare('select 1').get(),
    start: async () =>
      await startRelease(deps, {
        ...{ service: 'support-agent', version: '2.4.0', note: 'faster' },
        ...{ by: ana, inboxKey: 'start' },
      }).catch(outageWords),
    kill: (name: string) =>
      throwKillSwitch(deps, { name, intent: { to: 'on', by: chidi, reason: 'it mails' } }),
  };
}

test('a kill that meets the damage acts and stands in the journal; nothing else is done any more', async () => {
  const { told, kill, acts, journal, start, read } = await aDamagedHouse();
  expect(await kill('writes')).toMatchObject({
    value: { written: 'journal', why: expect.stringMatching(/malformed/) },
  });
  expect(acts('writes')).toBe(true);
  expect(told).toEqual([expect.stringMatching(/malformed/)]);

  expect(await start()).toMatch(/^Nothing was done: the database of Signalman is damaged/);
  expect(read).toThrow(/malformed/);
  expect(await kill('mails')).toMatchObject({ value: { written: 'journal' } });
  expect(acts('mails')).toBe(true);
  expect(journal.pending().map(({ name }) => name)).toEqual(['writes', 'mails']);
  expect(told).toHaveLength(1);
});

test.each(['SQLITE_CORRUPT', 'SQLITE_CORRUPT_INDEX', 'SQLITE_NOTADB', 'SQLITE_IOERR_READ'])(
  '%s is damage',
  (code) => expect(isDamage(Object.assign(new Error(), { code }))).toBe(true),
);

test.each(['SQLITE_FULL', 'SQLITE_BUSY', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE', 'ENOENT'])(
  '%s passes',
  (code) => expect(isDamage(Object.assign(new Error(), { code }))).toBe(false),
);

function aMarkedFile() {
  const path = `${aFolder()}/signalman.db`;
  openDatabase(path).$client.close();
  markDamaged(path, 'malformed, met while it was in use');
  const said: string[] = [];
  return {
    path,
    said,
    open: () => {
      const opened = openSoundDatabase(path, () => performance.now());
      if (opened.ok) opened.value.$client.close();
      return opened;
    },
    check: () =>
      databaseCommand.run({
        ...{ databasePath: path, configPath: '', words: ['check'], login: 'ana' },
        ...{ config: { ok: false, refusal: [] } as const },
        ...{ say: (line) => said.push(line), complain: (line) => said.push(line) },
      }),
  };
}

test('a file that was found damaged in use is not opened, however sound it looks', () => {
  const { open } = aMarkedFile();
  expect(open()).toEqual({
    ok: false,
    refusal: { why: 'malformed, met while it was in use', isDamaged: true },
  });
});

test('another file in its place is opened, and the mark is gone', () => {
  const { path, open } = aMarkedFile();
  copyFileSync(path, `${path}.backup`);
  rmSync(path);
  copyFileSync(`${path}.backup`, path);
  expect(open().ok).toBe(true);
  expect(existsSync(`${path}.damaged`)).toBe(false);
});

test('a file whose every page was checked is opened again; a damaged one is not', async () => {
  const { path, open, check, said } = aMarkedFile();
  expect(await check()).toBe(0);
  expect(said.join(' ')).toMatch(/is sound.*is no longer.*audit verify.*start Signalman again/);
  expect(open().ok).toBe(true);

  damageDatabase(path);
  markDamaged(path, 'malformed');
  expect(await check()).toBe(1);
  expect(said.at(-1)).toMatch(/is damaged:(.|\n)*Restore a backup/);
  expect(open().ok).toBe(false);
});
