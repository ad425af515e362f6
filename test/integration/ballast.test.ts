import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { outageWords } from '#adapters/words/outage-words.ts';
import { yes } from '#domain/result.ts';
import { startRelease } from '#operations/start-release.ts';
import { steerService } from '#operations/steer-service.ts';
import { throwKillSwitch } from '#operations/throw-kill-switch.ts';
import { ballastPath, createBallast } from '#store/ballast.ts';
import { assertRoom, withBallast } from '#store/sqlite/with-ballast.ts';
import { ana, chidi, noon } from '#test/support/builders.ts';
import { ground } from '#test/support/slack-bot.ts';
import { aFolder, aStore } from '#test/support/store.ts';

/** What is written needs pages of its own; what is short fits into those that are there. */
const LONG = 'it deletes mail '.repeat(600);

/** For the database the disk is as large as it is now, and the ballast stands for the rest. */
async function aSmallDisk() {
  const house = await ground();
  const { $client } = house.db;
  const path = ballastPath(house.path);
  const file = createBallast(path, 4_096);
  await file.keep();
  const growBy = (pages: number) => {
    const now = Number($client.pragma('page_count', { simple: true }));
    $client.pragma(`max_page_count = ${now + pages}`);
  };
  const ballast = {
    ...file,
    drop: () => {
      if (!file.drop()) return false;
      growBy(50);
      return true;
    },
  };
  const store = withBallast(house.store, ballast);
  const deps = { ...house, store, override: house.snapshots, serviceNames: () => [] };
  return {
    hasBallast: () => existsSync(path),
    makeRoom: () => growBy(1_000),
    keep: file.keep,
    fillUp: () => {
      $client.exec('create table filler (bytes)');
      growBy(0);
      const fill = $client.prepare('insert into filler values (zeroblob(?))');
      for (const bytes of [2_000, 200, 20]) {
        try {
          for (;;) fill.run(bytes);
        } catch {
          // Smaller ones may still fit.
        }
      }
    },
    start: async (service: string) => {
      const wish = { service, version: '2.4.0', note: LONG, inboxKey: `start ${service}` };
      return await startRelease(deps, { ...wish, by: ana }).catch(outageWords);
    },
    abort: (service: string) =>
      steerService(deps, { service, intent: { to: 'abort', by: chidi, reason: LONG } }),
    kill: () =>
      throwKillSwitch(deps, {
        name: 'writes',
        intent: { to: 'on', by: chidi, reason: LONG },
      }),
  };
}

test('with the disk full stops are written in the room of the ballast, and nothing else is', async () => {
  const disk = await aSmallDisk();
  expect(await disk.start('support-agent')).toMatchObject({ ok: true });
  disk.fillUp();
  expect(await disk.start('billing-agent')).toEqual(
    expect.stringMatching(/the disk of Signalman is full.*make room/),
  );
  expect(disk.hasBallast()).toBe(true);

  expect(await disk.kill()).toMatchObject({ value: { written: 'database' } });
  expect(await disk.abort('support-agent')).toMatchObject({ ok: true });
  expect(disk.hasBallast()).toBe(false);
  expect(await disk.start('billing-agent')).toEqual(
    expect.stringMatching(/What stops something still works/),
  );

  disk.makeRoom();
  await disk.keep();
  expect(disk.hasBallast()).toBe(true);
  expect(await disk.start('billing-agent')).toMatchObject({ ok: true });
});

const aBallast = (bytes: number, pagesFree: { now: number }) => {
  const path = ballastPath(`${aFolder()}/signalman.db`);
  const roomIn = async () => ({ bavail: pagesFree.now, bsize: 4_096, blocks: 8 });
  return { path, ...createBallast(path, bytes, roomIn) };
};

test('the ballast takes real room, gives it back once, and is made again when twice as much is free', async () => {
  const free = { now: 50 };
  const { path, keep, drop, isGone } = aBallast(100_000, free);
  expect([drop(), isGone()]).toEqual([false, false]);
  expect([await keep(), isGone()]).toEqual([50 / 8, false]);
  const bytes = readFileSync(path);
  expect(bytes.length).toBe(100_000);
  expect(bytes.includes(0)).toBe(false);
  expect(existsSync(`${path}.new`)).toBe(false);

  expect([drop(), drop()]).toEqual([true, false]);
  expect([existsSync(path), isGone()]).toEqual([false, true]);
  free.now = 48;
  expect([await keep(), isGone(), existsSync(path)]).toEqual([6, true, false]);
  free.now = 49;
  expect([await keep(), isGone(), existsSync(path)]).toEqual([49 / 8, false, true]);
});

test('a ballast that would take more than half of what is free is not made at the start either', async () => {
  const free = { now: 1 };
  const ballast = aBallast(4_096, free);
  expect([await ballast.keep(), ballast.isGone()]).toEqual([1 / 8, true]);
  expect(() => assertRoom(ballast)).toThrow(
    expect.objectContaining({ code: 'NO_ROOM', message: 'the disk is full' }),
  );
  free.now = 2;
  expect([await ballast.keep(), ballast.isGone()]).toEqual([2 / 8, false]);
  // What is there stays, however little is free by now.
  free.now = 0;
  expect([await ballast.keep(), ballast.isGone()]).toEqual([0, false]);
});

test('a file system that does not say how large it is has no share free', async () => {
  const path = ballastPath(`${aFolder()}/signalman.db`);
  const ballast = createBallast(path, 1, async () => ({ bavail: 0, bsize: 4_096, blocks: 0 }));
  expect(await ballast.keep()).toBe(0);
});

test('only a full disk costs the ballast, and only for what stops something', async () => {
  const { store, db } = aStore();
  let dropped = 0;
  const drop = () => {
    dropped += 1;
    return true;
  };
  const { change, onCommit } = withBallast(store, { isGone: () => false, drop });
  expect(onCommit).toBe(store.onCommit);
  const ask = (tries: string[], isStop?: true) =>
    change(
      { kind: 'register', name: 'test' },
      () => {
        tries.push('tried');
        throw Object.assign(new Error('a bug'), { code: 'SQLITE_FULL' });
      },
      { at: noon, ...(isStop && { isStop }) },
    );
  const tries: string[] = [];
  await expect(ask(tries, true)).rejects.toThrow('a bug');
  db.$client.exec('create table filler (bytes)');
  db.$client.pragma('max_page_count = 1');
  await expect(
    change(
      { kind: 'register', name: 'test' },
      () => {
        tries.push('full');
        db.$client.exec('insert into filler values (zeroblob(100000))');
        return yes({ next: null, owes: [] });
      },
      { at: noon },
    ),
  ).rejects.toMatchObject({ code: 'SQLITE_FULL' });
  expect([tries, dropped]).toEqual([['tried', 'full'], 0]);
});
