import { expect, test } from 'vitest';
import type { Effect } from '#domain/effect.ts';
import { yes } from '#domain/result.ts';
import { later, SECOND_MS } from '#domain/time.ts';
import { createReconciler, TryLater } from '#operations/reconcile.ts';
import { noon } from '#test/support/builders.ts';
import { aStore } from '#test/support/store.ts';

const quiet = { info: () => {}, warn: () => {}, error: () => {} };
const note = (release: number, step: number): Effect => ({
  tell: 'thread',
  release,
  notice: { what: 'step_entered', step, by: { kind: 'user', id: 'U0ANA' }, judged: false },
});
const inWords = (effect: Effect) =>
  'tell' in effect && effect.tell === 'thread' && effect.notice.what === 'step_entered'
    ? `#${effect.release} step ${effect.notice.step}`
    : 'sync' in effect
      ? `sync ${effect.sync}`
      : 'throw' in effect
        ? `throw ${effect.name}`
        : '?';

/** Something is owed, and somebody carries it out who may have bad days, or wait for Slack. */
function setup(slack: Promise<void> = Promise.resolve()) {
  const world = aStore();
  const told: string[] = [];
  const badDays = new Map<string, Error[]>();
  const reconciler = createReconciler({
    ...world,
    log: quiet,
    carryOut: async (effect) => {
      if ('tell' in effect) await slack;
      const words = inWords(effect);
      const trouble = badDays.get(words)?.shift();
      if (trouble) throw trouble;
      told.push(words);
    },
  });
  const owe = (...owes: Effect[]) =>
    world.store.change({ kind: 'register', name: 'test' }, () => yes({ next: null, owes }), {
      at: world.clock(),
    });
  const work = async () => {
    reconciler.wake();
    await reconciler.idle();
  };
  const wait = (ms: number) => {
    world.time.now = later(world.time.now, ms);
  };
  return { ...world, reconciler, told, badDays, owe, work, wait };
}

test('what is owed is carried out in order, the urgent first', async () => {
  const { owe, work, told, outbox } = setup();
  await owe(note(7, 1), note(7, 2), { sync: 'traffic', service: 'support-agent' });
  await work();
  expect(told).toEqual(['sync traffic', '#7 step 1', '#7 step 2']);
  expect(outbox.depth().count).toBe(0);
});

test('what fails is tried again later, with longer and longer waits, and is never given up', async () => {
  const { owe, work, wait, told, badDays, outbox } = setup();
  badDays.set(
    '#7 step 1',
    Array.from({ length: 12 }, () => new Error('Slack is down')),
  );
  await owe(note(7, 1));
  for (let minute = 0; minute < 15; minute += 1) {
    await work();
    wait(60 * SECOND_MS);
  }
  expect(told).toEqual(['#7 step 1']);
  expect(outbox.depth().count).toBe(0);
});

test('a lane that has to wait keeps its order and holds no other lane up', async () => {
  const { owe, work, wait, told, badDays } = setup();
  badDays.set('#7 step 1', [new TryLater('limited', 30 * SECOND_MS)]);
  await owe(note(7, 1), note(7, 2), note(8, 1));
  await work();
  expect(told).toEqual(['#8 step 1']);
  wait(29 * SECOND_MS);
  await work();
  expect(told).toEqual(['#8 step 1']);
  wait(SECOND_MS);
  await work();
  expect(told).toEqual(['#8 step 1', '#7 step 1', '#7 step 2']);
});

test('traffic is set, switches are thrown and people are paged while all of Slack hangs', async () => {
  const slack = Promise.withResolvers<void>();
  const { owe, reconciler, told } = setup(slack.promise);
  const by = { kind: 'user', id: 'U0ANA' } as const;
  const noticeOf = (at: number): Effect => ({
    tell: 'channel',
    notice: { what: 'kill_on', name: `switch-${at}`, by, reason: '' },
  });
  await owe(...Array.from({ length: 70 }, (_, at) => noticeOf(at)));
  await owe({ sync: 'traffic', service: 'support-agent' });
  await owe({ sync: 'escalation', release: 7 });
  await owe({ throw: 'killswitch', name: 'writes', release: 7 });
  reconciler.wake();
  while (told.length < 3) await new Promise((resolve) => setImmediate(resolve));
  expect(new Set(told)).toEqual(new Set(['sync traffic', 'throw writes', 'sync escalation']));
  slack.resolve();
  await reconciler.idle();
  expect(told).toHaveLength(73);
});

test('what is owed survives the process, and says that it may have been sent before', async () => {
  const { owe, path, badDays, work } = setup();
  badDays.set('#7 step 1', [new Error('the connection was cut')]);
  await owe(note(7, 1));
  await work();
  const after = aStore(path);
  const [owed] = after.outbox.due('slack', later(noon, 60 * SECOND_MS), 10);
  expect(owed).toMatchObject({ effect: note(7, 1), tries: 1 });
});

test('whoever clicks is served before everything that is owed was carried out', async () => {
  const { owe, reconciler, told } = setup();
  await owe(...Array.from({ length: 40 }, (_, at) => note(at + 1, 1)));
  reconciler.wake();
  while (told.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(told.length).toBeLessThan(20);
  await reconciler.idle();
  expect(told).toHaveLength(40);
});

test('an outbox that cannot be read now is read at the next look', async () => {
  const { owe, work, told, outbox } = setup();
  const { due } = outbox;
  await owe(note(7, 1));
  const outage = () => {
    throw new Error('disk I/O error');
  };
  Object.assign(outbox, { due: outage });
  await work();
  expect(told).toEqual([]);
  Object.assign(outbox, { due });
  await work();
  expect(told).toEqual(['#7 step 1']);
});
