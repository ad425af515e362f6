import { expect, test } from 'vitest';
import { createSnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import { emptySnapshot } from '#domain/snapshot.ts';
import { withCommit } from '#operations/publish-snapshot.ts';
import { throwKillSwitch } from '#operations/throw-kill-switch.ts';
import { ana, chidi } from '#test/support/builders.ts';
import { aStore } from '#test/support/store.ts';

/** Kill switches with what agents read of them. */
function aHouse() {
  const { db, ...house } = aStore();
  const override = createSnapshotHolder(emptySnapshot('production'));
  house.store.onCommit((commit) => override.update((snapshot) => withCommit(snapshot, commit)));
  const change = (to: 'on' | 'off', by = ana, inboxKey?: string) =>
    throwKillSwitch(
      { ...house, override },
      {
        name: 'writes',
        intent: { to, by, reason: 'it mails everybody' },
        ...(inboxKey !== undefined && { inboxKey }),
      },
    );
  const isKilled = () => override.current().kills.has('writes');
  return { change, db, isKilled, killNow: () => override.killNow('writes') };
}

test('a kill that is delivered again after its end does not come back', async () => {
  const { change, isKilled } = aHouse();
  await change('on', chidi, 'the same delivery');
  await change('off');
  expect(await change('on', chidi, 'the same delivery')).toMatchObject({
    value: { repeated: true },
  });
  expect(isKilled()).toBe(false);
});

test('an off that is delivered again does not end a newer kill', async () => {
  const { change, isKilled } = aHouse();
  await change('on', chidi);
  await change('off', ana, 'the same delivery');
  await change('on', chidi);
  await change('off', ana, 'the same delivery');
  expect(isKilled()).toBe(true);
});

test('a kill that could not be committed ends when an operator says so', async () => {
  const { change, db, isKilled } = aHouse();
  db.$client.pragma('query_only = ON');
  expect(await change('on', chidi)).toMatchObject({ value: { written: 'journal' } });
  expect(await change('off').catch(String)).toMatch(/readonly/);
  db.$client.pragma('query_only = OFF');
  expect(isKilled()).toBe(true);
  expect(await change('off', chidi)).toMatchObject({ refusal: { code: 'role_needed' } });
  expect(isKilled()).toBe(true);
  await change('off');
  expect(isKilled()).toBe(false);
});

test('a kill that stands nowhere but in memory is not ended by a refusal', async () => {
  const { change, isKilled, killNow } = aHouse();
  killNow();
  expect(await change('off', chidi)).toMatchObject({ refusal: { code: 'role_needed' } });
  expect(isKilled()).toBe(true);
  expect(await change('off')).toMatchObject({ refusal: { code: 'already_off' } });
  expect(isKilled()).toBe(false);
});
