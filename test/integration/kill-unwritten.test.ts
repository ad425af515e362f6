import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { createSnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import { answerControl } from '#adapters/answer-control.ts';
import { emptySnapshot } from '#domain/snapshot.ts';
import { aStore } from '#test/support/store.ts';

/** The running process as the command line meets it, and somebody who can lock its file. */
function aHouse() {
  const house = aStore();
  const snapshots = createSnapshotHolder(emptySnapshot('production'));
  const logged: string[] = [];
  const deps = {
    ...house,
    override: snapshots,
    usualName: (typed: string) => typed,
    acts: (name: string) => snapshots.current().kills.has(name),
    log: { error: (_: object, message: string) => void logged.push(message) },
  };
  const somebody = new Sqlite(house.path);
  onTestFinished(() => {
    somebody.close();
  });
  const kill = (to: 'on' | 'off') =>
    answerControl(deps, { to, name: 'writes', reason: 'it mails everybody', by: 'ana' });
  return {
    kill,
    logged,
    acts: deps.acts,
    lock: () => somebody.exec('BEGIN IMMEDIATE'),
    unlock: () => somebody.exec('ROLLBACK'),
  };
}

test('a kill from the command line acts although it cannot be written, and says both', async () => {
  const house = aHouse();
  house.lock();
  const answer = await house.kill('on');
  expect(house.acts('writes')).toBe(true);
  expect(answer.ok).toBe(false);
  expect(answer.words).toContain('writes acts: agents are told to stop');
  expect(answer.words).toContain('cannot be written down (database is locked)');
  expect(house.logged).toEqual(['A kill acts but could not be committed']);

  house.unlock();
  expect(await house.kill('on')).toMatchObject({ ok: true, words: 'Kill switch writes is on.' });
});

test('switching off that cannot be written is not done, and says so', async () => {
  const house = aHouse();
  await house.kill('on');
  house.lock();
  expect(await house.kill('off')).toEqual({
    ok: false,
    words: 'Nothing was done, since it cannot be written down (database is locked).',
  });
  expect(house.acts('writes')).toBe(true);
});
