import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { outageWords } from '#adapters/words/outage-words.ts';
import { startRelease } from '#operations/start-release.ts';
import { steerService } from '#operations/steer-service.ts';
import { throwKillSwitch } from '#operations/throw-kill-switch.ts';
import { ballastPath, createBallast } from '#store/ballast.ts';
import { withBallast } from '#store/sqlite/with-ballast.ts';
import { ana, chidi } from '#test/support/builders.ts';
import { ground } from '#test/support/slack-bot.ts';

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
