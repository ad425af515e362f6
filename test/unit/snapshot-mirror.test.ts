import { expect, test, vi } from 'vitest';
import type { Killed } from '#adapters/agents/agent-deps.ts';
import { createSnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import { heedJournal } from '#adapters/agents/thread/heed-journal.ts';
import { createKillOn } from '#adapters/agents/thread/kill-here-first.ts';
import { createPulse } from '#adapters/agents/thread/pulse.ts';
import { createSnapshotMirror } from '#adapters/agents/thread/snapshot-mirror.ts';
import { CLOCK, trusted } from '#domain/actor.ts';
import { no, type Result, yes } from '#domain/result.ts';
import { emptySnapshot, isKilled, viewOf, withFlag, withKill } from '#domain/snapshot.ts';
import { changeBetween } from '#domain/snapshot-change.ts';
import type { JournaledKill } from '#store/port.ts';
import { aFlag } from '#test/support/agents.ts';
import { noon } from '#test/support/builders.ts';

/** The main thread's snapshot and its mirror, with the changes that are on their way. */
function mirrored() {
  const holder = createSnapshotHolder(emptySnapshot('production'));
  const mirror = createSnapshotMirror(holder.current());
  let known = holder.current();
  const arrive = () => {
    const change = changeBetween(known, holder.current());
    known = holder.current();
    if (change) mirror.follow(structuredClone(change));
  };
  const acts = (name: string) => isKilled(viewOf(mirror.current(), 'production'), name);
  return { holder, mirror, arrive, acts };
}

const kill = {
  name: 'writes',
  reason: 'it mails everybody',
  by: { kind: 'token', id: 'x' },
} as const;

test('a kill that was thrown here stands whatever arrives, until whoever threw it lets go', () => {
  const { holder, mirror, arrive, acts } = mirrored();
  const thrown = mirror.killNow('writes');
  holder.update((snapshot) => withKill(snapshot, 'writes', true));
  arrive();
  holder.update((snapshot) => withKill(snapshot, 'writes', false));
  arrive();
  expect(acts('writes')).toBe(true);
  thrown.letGo();
  expect(acts('writes')).toBe(false);
});

test('a kill that is let go leaves nothing behind, whatever arrived meanwhile', () => {
  const { holder, mirror, arrive, acts } = mirrored();
  const thrown = mirror.killNow('writes');
  holder.update((snapshot) => withFlag(snapshot, 'new-search/staging', aFlag()));
  arrive();
  thrown.letGo();
  expect(acts('writes')).toBe(false);
});

test('two who throw the same switch each let go of their own', () => {
  const { mirror, acts } = mirrored();
  const first = mirror.killNow('writes');
  const second = mirror.killNow('writes');
  first.letGo();
  expect(acts('writes')).toBe(true);
  second.letGo();
  expect(acts('writes')).toBe(false);
});

test('nobody is told again when the main thread confirms what is in force', () => {
  const { holder, mirror, arrive } = mirrored();
  const thrown = mirror.killNow('writes');
  const before = mirror.revisionOf('production');
  holder.killNow('writes');
  arrive();
  holder.update((snapshot) => withKill(snapshot, 'writes', true));
  arrive();
  thrown.letGo();
  expect(mirror.revisionOf('production')).toBe(before);
});

test('a change in one environment is none in another', () => {
  const { holder, mirror, arrive } = mirrored();
  const before = mirror.revisionOf('production');
  holder.update((snapshot) => withFlag(snapshot, 'new-search/staging', aFlag()));
  arrive();
  expect(mirror.revisionOf('production')).toBe(before);
  expect(viewOf(mirror.current(), 'staging').flags.has('new-search')).toBe(true);
});

test('a kill that the main thread does not answer in time acts, and is let go with its answer', async () => {
  vi.useFakeTimers();
  const { holder, mirror, arrive, acts } = mirrored();
  const answer = Promise.withResolvers<Result<Killed, never>>();
  const journaled: JournaledKill[] = [];
  const answered = createKillOn({
    mirror,
    journal: { append: (line) => journaled.push(line) > 0, clear: () => {} },
    clock: () => noon,
    uniqueId: () => 'first',
    commit: () => answer.promise,
  })(kill);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await answered).toEqual(yes({ already: false, durable: true }));
  expect(journaled).toMatchObject([{ key: 'kill:first', name: 'writes', at: noon }]);
  expect(acts('writes')).toBe(true);

  holder.update((snapshot) => withKill(snapshot, 'writes', true));
  arrive();
  answer.resolve(yes({ already: false, durable: true }));
  await vi.runAllTimersAsync();
  holder.update((snapshot) => withKill(snapshot, 'writes', false));
  arrive();
  expect(acts('writes')).toBe(false);
  vi.useRealTimers();
});

test('a kill that the main thread refuses is cleared from the journal', async () => {
  const { mirror } = mirrored();
  const cleared: string[] = [];
  await createKillOn({
    mirror,
    journal: { append: () => true, clear: (key) => cleared.push(key) },
    clock: () => noon,
    uniqueId: () => 'first',
    commit: async () => no({ code: 'forbidden', words: 'Not here.' }),
  })(kill);
  expect(cleared).toEqual(['kill:first']);
});

test('a kill in the journal acts from one look after it is written to one after it is cleared', () => {
  vi.useFakeTimers();
  const { mirror, acts } = mirrored();
  const line = { key: 'cli:1', name: 'writes', at: noon, by: trusted(CLOCK), reason: '' };
  let pending: readonly JournaledKill[] = [line];
  const heeding = heedJournal(mirror, { pending: () => pending });
  const afterLooks = (looks: number) => {
    vi.advanceTimersByTime(looks * 250);
    return acts('writes');
  };
  expect([afterLooks(0), afterLooks(1), afterLooks(3)]).toEqual([false, true, true]);
  pending = [];
  // The main thread may have cleared the line before what it committed arrives here.
  expect([afterLooks(1), afterLooks(1)]).toEqual([true, false]);
  heeding.stop();
  vi.useRealTimers();
});

test('health says how long the main thread has been silent, and after a minute that it is dead', async () => {
  vi.useFakeTimers();
  let answer = Promise.withResolvers<void>();
  const pulse = createPulse(() => answer.promise, Date.now);
  expect(pulse.health()).toEqual({ dead: [], unready: [] });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(pulse.health()).toMatchObject({
    dead: [],
    unready: [expect.stringContaining('not answered for 4 s')],
  });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(pulse.health().dead).toHaveLength(1);

  answer.resolve();
  answer = Promise.withResolvers();
  await vi.advanceTimersByTimeAsync(0);
  expect(pulse.health()).toEqual({ dead: [], unready: [] });
  pulse.stop();
  vi.useRealTimers();
});
