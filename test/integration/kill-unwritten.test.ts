import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { createSnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import { answerControl } from '#adapters/answer-control.ts';
import { assert } from '#domain/result.ts';
import { emptySnapshot } from '#domain/snapshot.ts';
import { later, MINUTE_MS } from '#domain/time.ts';
import { snapshotOf, withCommit } from '#operations/publish-snapshot.ts';
import { settleKills } from '#operations/throw-kill-switch.ts';
import { journalPath, openJournal } from '#store/journal.ts';
import type { JournalPart } from '#store/port.ts';
import { createOutbox } from '#store/sqlite/outbox.ts';
import { aStore } from '#test/support/store.ts';

type House = ReturnType<typeof aStore>;

/** The process as the command line meets it; another one after a crash has the same files. */
function aProcess(house: House) {
  const snapshots = createSnapshotHolder(snapshotOf(emptySnapshot('production'), house.queries));
  house.store.onCommit((commit) => snapshots.update((snapshot) => withCommit(snapshot, commit)));
  const trouble: string[] = [];
  const journal = aJournal(house, 'bot', trouble);
  const deps = {
    ...{ ...house, journal, override: snapshots },
    usualName: (typed: string) => typed,
    inForce: 'acts: agents are told to stop',
  };
  let asked = 0;
  const kill = (to: 'on' | 'off', name = 'writes') => {
    asked += 1;
    const key = `cli:${journal.pending().length}:${asked}`;
    return answerControl(deps, { to, name, reason: 'it mails everybody', by: 'ana', key });
  };
  return { kill, trouble, deps, acts: (name = 'writes') => snapshots.acts(name) };
}

function aJournal({ path }: House, part: JournalPart, trouble: string[] = []) {
  const journal = openJournal({
    ...{ path: journalPath(path), part },
    onTrouble: (error) => void trouble.push(String(error)),
  });
  onTestFinished(journal.close);
  return journal;
}

/** Somebody who holds the lock of the database for as long as they like. */
function aStray({ path }: House) {
  const stray = new Sqlite(path);
  onTestFinished(() => {
    stray.close();
  });
  return { lock: () => stray.exec('BEGIN EXCLUSIVE'), unlock: () => stray.exec('ROLLBACK') };
}

const entriesOf = ({ queries }: House) => queries.lastEntries(9).map(({ body }) => body);

test('a kill acts and is durable at once while the database is locked, and is committed after', async () => {
  const house = aStore();
  const { kill, acts, deps } = aProcess(house);
  const stray = aStray(house);
  stray.lock();
  const startedMs = performance.now();
  const answer = await kill('on');
  expect(performance.now() - startedMs).toBeLessThan(900);
  expect(acts()).toBe(true);
  expect(answer.ok).toBe(true);
  expect(answer.words).toMatch(/acts: agents are told to stop.*database is locked.*journal/);

  house.time.now = later(house.time.now, MINUTE_MS);
  stray.unlock();
  await settleKills(deps);
  expect(deps.journal.pending()).toEqual([]);
  expect(house.queries.killSwitches()).toMatchObject([{ name: 'writes', isOn: true }]);
  expect(entriesOf(house)).toMatchObject([
    {
      action: 'kill_on',
      at: '2026-11-20T12:00:00.000Z',
      details: { recorded_late: '2026-11-20T12:01:00.000Z' },
    },
  ]);
});

test('a lock that was waited for in vain is not waited for again until it is gone', async () => {
  const house = aStore();
  const stray = aStray(house);
  const write = () =>
    house.store.change(
      { kind: 'register', name: '' },
      () => ({ ok: true, value: { next: null, owes: [{ sync: 'card', release: 1 }] } }),
      { at: house.time.now },
    );
  await write();
  const outbox = createOutbox(house.db);
  const [owed] = outbox.due('slack', house.time.now, 1);
  assert(owed, 'a card is owed');
  stray.lock();
  // Whoever meets it first has to wait, here a look at what is owed.
  expect(() => outbox.trying(owed)).toThrow(/locked/);
  const startedMs = performance.now();
  for (let times = 0; times < 5; times += 1) expect(() => outbox.trying(owed)).toThrow(/locked/);
  expect(() => outbox.retry(owed, house.time.now, 'Slack is away')).toThrow(/locked/);
  await expect(write()).rejects.toThrow(/locked/);
  expect(performance.now() - startedMs).toBeLessThan(2_000);
  stray.unlock();
  await write();
  expect(house.db.$client.pragma('busy_timeout', { simple: true })).toBe(500);
});

test('the commit of a kill waits for no lock, and what comes after it waits as ever', async () => {
  const house = aStore();
  const waits: unknown[] = [];
  const noteWait = () => waits.push(house.db.$client.pragma('busy_timeout', { simple: true }));
  const change: typeof house.store.change = (aggregate, decide, request) => {
    const noting: typeof decide = (state) => {
      noteWait();
      return decide(state);
    };
    return house.store.change(aggregate, noting, request);
  };
  const { kill } = aProcess({ ...house, store: { ...house.store, change } });
  await kill('on');
  noteWait();
  await kill('off');
  expect(waits).toEqual([0, 500, 500]);
});

test('a kill that was taken just before a crash is on again in the next process', async () => {
  const house = aStore();
  const stray = aStray(house);
  stray.lock();
  await aProcess(house).kill('on');

  const next = aProcess(house);
  expect(next.acts()).toBe(false);
  await expect(settleKills(next.deps)).rejects.toThrow(/locked/);
  expect(next.acts()).toBe(true);
  stray.unlock();
  await settleKills(next.deps);
  expect(next.acts()).toBe(true);
  expect(entriesOf(house)).toHaveLength(1);
});

test('a kill that was switched off never comes back, even where the journal still holds it', async () => {
  const house = aStore();
  const first = aProcess(house);
  const stray = aStray(house);
  stray.lock();
  await first.kill('on');
  const lines = first.deps.journal.pending();
  stray.unlock();
  expect(await first.kill('off')).toMatchObject({ ok: true });
  // As if it had died after the commit of the kill and before its line was cleared.
  for (const line of lines) first.deps.journal.append(line);

  const next = aProcess(house);
  await settleKills(next.deps);
  expect(next.acts()).toBe(false);
  expect(next.deps.journal.pending()).toEqual([]);
  expect(entriesOf(house)).toHaveLength(2);
});

test('switching off waits for what the journal holds, or the kill would come back', async () => {
  const house = aStore();
  const { kill, acts } = aProcess(house);
  const stray = aStray(house);
  stray.lock();
  await kill('on');
  expect(await kill('off')).toEqual({
    ok: false,
    words: expect.stringMatching(/^Nothing was done: another program holds the database/),
  });
  expect(acts()).toBe(true);
  stray.unlock();
  expect(await kill('off')).toMatchObject({ ok: true });
  expect(acts()).toBe(false);
  expect(entriesOf(house)).toMatchObject([{ action: 'kill_off' }, { action: 'kill_on' }]);
});

test('a journal that is full says so, keeps the kill in memory, and leaves the other parts alone', async () => {
  const house = aStore();
  const { kill, deps } = aProcess(house);
  aStray(house).lock();
  await kill('on');
  const [one] = deps.journal.pending();
  if (!one) throw new Error('The kill is not pending.');
  const trouble: string[] = [];
  const agents = aJournal(house, 'agents', trouble);
  const appended = Array.from({ length: 65 }, (_, at) => agents.append({ ...one, key: `${at}` }));
  expect(appended.indexOf(false)).toBe(64);
  expect(trouble).toEqual(['Error: The emergency journal is full']);
  expect(agents.pending()).toHaveLength(66);
  expect(deps.journal.append({ ...one, key: 'another part' })).toBe(true);
});

test('a line that was torn by a crash is no kill, and its room is used again', async () => {
  const house = aStore();
  const path = journalPath(house.path);
  const { kill, deps } = aProcess(house);
  aStray(house).lock();
  await kill('on', 'first');
  const [first] = deps.journal.pending();
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(100, 'torn'), 0, 100, 100);
  closeSync(file);
  expect(deps.journal.pending()).toEqual([]);
  expect(first && aJournal(house, 'bot').append(first)).toBe(true);
  expect(
    readFileSync(path)
      .subarray(4_096)
      .every((byte) => byte === 0),
  ).toBe(true);
});

test('without its file a kill is kept in memory and said to be', async () => {
  const house = aStore();
  const { kill, acts, trouble, deps } = aProcess(house);
  mkdirSync(journalPath(house.path));
  const stray = aStray(house);
  stray.lock();
  expect(await kill('on')).toMatchObject({ ok: false });
  expect(acts()).toBe(true);
  expect(trouble[0]).toMatch(/EISDIR/);
  stray.unlock();
  await settleKills(deps);
  expect(house.queries.killSwitches()).toMatchObject([{ name: 'writes', isOn: true }]);
});
