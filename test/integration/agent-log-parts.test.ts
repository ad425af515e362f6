import { expect, test } from 'vitest';
import { agentLogMinutes, agentLogs, agentLogTotals, verdicts } from '#db/schema.ts';
import { CLOCK, trusted } from '#domain/actor.ts';
import type { AgentLog } from '#domain/agent-log.ts';
import { rollUp } from '#domain/roll-up.ts';
import { asInstant, DAY_MS, later, MINUTE_MS } from '#domain/time.ts';
import { adoptSettings } from '#operations/adopt-settings.ts';
import { ingestAgentLogs } from '#operations/ingest-agent-logs.ts';
import { createPace } from '#operations/pace.ts';
import { createAgentLogStore } from '#store/sqlite/agent-log-store.ts';
import { createPruner } from '#store/sqlite/prune.ts';
import { someSettings } from '#test/support/some-settings.ts';
import { aStore } from '#test/support/store.ts';

const at = asInstant(Date.UTC(2026, 10, 20, 12));
const log: AgentLog = {
  ...{ service: 'support-agent', version: '2.3.3', at, success: true, assigned: 'split' },
  ...{ toolCalls: 0, toolFailures: 0, injections: 0, unexpectedTools: 0 },
};
const partOf = (items: number) => {
  const logs = Array<AgentLog>(items).fill(log);
  return { items: JSON.stringify(logs), rollUps: rollUp(logs) };
};
const about = (digest: string) => ({ at, digest, idempotencyKey: 'batch-7' });

function keeping() {
  const { db } = aStore();
  const requests = () =>
    createAgentLogStore(db).totals('support-agent', '2.3.3', 'split')?.counts.requests ?? 0;
  return { db, requests, logs: createAgentLogStore(db) };
}

test('a batch in parts counts for nothing until all of them are there', () => {
  const { logs, requests } = keeping();
  logs.stage('one', partOf(3), at);
  logs.stage('one', partOf(4), at);
  expect(logs.countSealed()).toBe(false);
  expect(requests()).toBe(0);
  expect(logs.seal('one', about('x'))).toEqual({ is: 'recorded' });
  while (logs.countSealed());
  expect(requests()).toBe(7);
});

test('after a crash the parts that were not counted yet are, and no other', () => {
  const { db, logs, requests } = keeping();
  for (const items of [1, 2, 4]) logs.stage('one', partOf(items), at);
  logs.seal('one', about('x'));
  logs.countSealed();
  expect(requests()).toBe(1);
  const afterwards = createAgentLogStore(db);
  while (afterwards.countSealed());
  expect(requests()).toBe(7);
});

test('a repeated batch counts once, and its parts go', () => {
  const { logs, requests } = keeping();
  for (const name of ['one', 'again', 'other']) logs.stage(name, partOf(5), at);
  expect(logs.seal('one', about('x'))).toEqual({ is: 'recorded' });
  expect(logs.seal('again', about('x'))).toEqual({ is: 'repeated' });
  expect(logs.seal('other', about('y'))).toEqual({ is: 'key_reused' });
  while (logs.countSealed());
  expect(requests()).toBe(5);
  expect(logs.pruneParts(asInstant(at + 1))).toBe(0);
});

test('parts whose batch was never finished are forgotten', () => {
  const { logs, requests } = keeping();
  logs.stage('one', partOf(5), at);
  expect(logs.pruneParts(asInstant(at + 1))).toBe(1);
  expect(requests()).toBe(0);
});

test('batches that are kept together count as they would one by one', () => {
  const together = keeping();
  const apart = keeping();
  const batches = [2, 0, 3, 5, 7].map((items, n) => ({
    ...partOf(items),
    ...{ at, digest: `${n}` },
    // The third comes a second time, and the last takes its key for something else.
    ...(n >= 2 && { idempotencyKey: 'batch-7', digest: n < 4 ? 'x' : 'y' }),
  }));
  const outcomes = ['recorded', 'recorded', 'recorded', 'repeated', 'key_reused'];
  expect(together.logs.record(batches).map(({ is }) => is)).toEqual(outcomes);
  expect(batches.flatMap((batch) => apart.logs.record([batch])).map(({ is }) => is)).toEqual(
    outcomes,
  );
  expect(together.requests()).toBe(5);
  const kept = ({ db }: typeof apart) => [
    db.select().from(agentLogTotals).all(),
    db.select().from(agentLogMinutes).all(),
    db.select({ item: agentLogs.item }).from(agentLogs).all(),
  ];
  expect(kept(together)).toEqual(kept(apart));
});

test('a batch without a key is none that was seen, whatever keys others have', () => {
  const { logs, requests } = keeping();
  const part = { ...partOf(1), at, digest: 'x' };
  const [named, nameless] = [{ ...part, idempotencyKey: 'undefined' }, part];
  for (const batch of [named, nameless, nameless])
    expect(logs.record([batch])).toEqual([{ is: 'recorded' }]);
  expect(logs.record([])).toEqual([]);
  expect(requests()).toBe(3);
});

test('what was counted is known by stretches of whole minutes, and since when and until when', () => {
  const { logs } = keeping();
  const minute = (nth: number) => later(at, nth * MINUTE_MS);
  for (const nth of [0, 1, 2, 3, 3, 4, 5, 6]) {
    const items = [{ ...log, at: minute(nth) }];
    const part = { items: JSON.stringify(items), rollUps: rollUp(items) };
    logs.record([{ ...part, at: minute(nth), digest: '' }]);
  }
  const span = { service: 'support-agent', version: '2.3.3', assigned: 'split', to: minute(6) };
  const requestsIn = (widthMs: number) =>
    logs.stretches({ ...span, from: minute(1), widthMs }).map(({ requests }) => requests);
  expect(requestsIn(2 * MINUTE_MS)).toEqual([2, 3, 1]);
  expect(requestsIn(3 * MINUTE_MS)).toEqual([4, 2]);
  expect(requestsIn(2_000)).toEqual([1, 1, 2, 1, 1]);
  expect(logs.totals('support-agent', '2.3.3', 'split')).toMatchObject({
    ...{ firstAt: minute(0), lastAt: minute(6), counts: { requests: 8 } },
  });
  expect(logs.totals('support-agent', '2.3.3', 'tester')).toBeUndefined();
});

test('of batches that are kept together none is when one cannot be', () => {
  const { logs, requests } = keeping();
  const unreadable = { items: '[{"service":1', rollUps: [] };
  const batches = [partOf(2), unreadable].map((part) => ({ ...part, ...about('x') }));
  expect(() =>
    logs.record(batches.map((batch, n) => ({ ...batch, idempotencyKey: `${n}` }))),
  ).toThrow();
  expect(requests()).toBe(0);
  expect(logs.record([{ ...partOf(2), ...about('x'), idempotencyKey: '0' }])).toEqual([
    { is: 'recorded' },
  ]);
});

test('between two parts everything else has its turn', async () => {
  const { logs, requests } = keeping();
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const parts = Array.from({ length: 4 }, () => partOf(50));
  const paced = createPace(() => performance.now());
  const deps = { logs, paced, uniqueId: () => 'one', knownVersions: () => undefined };
  await ingestAgentLogs(deps, { parts, named: [], at, digest: 'x' });
  isOver = true;
  expect(turns).toBeGreaterThanOrEqual(8);
  expect(requests()).toBe(200);
});

test('the first report of a version is owed to its channel once, with its users', async () => {
  const { db, logs, ...house } = aStore();
  await adoptSettings(house, someSettings(), trusted(CLOCK), []);
  const heard = () =>
    db.$client.prepare(`select effect from outbox where effect like '%version_heard%'`).all();
  const said = (version: string, keys: readonly (string | undefined)[], service?: string) =>
    keys.map((key) => ({ ...log, version, ...(key && { key }), ...(service && { service }) }));
  const report = (items: readonly AgentLog[], when = at) =>
    logs.record([{ items: JSON.stringify(items), rollUps: rollUp(items), at: when, digest: '' }]);
  report(said('1.0.0', ['anna'], 'nobody-configured-this'));
  report([
    ...said('2.4.0', ['anna', 'ben', 'anna', undefined]),
    ...said('2.4.0', ['chidi'], 'nobody-configured-this'),
  ]);
  report(said('2.4.0', ['chidi']));
  const named = { service: 'support-agent', version: '2.4.0' };
  const notice = { what: 'version_heard', ...named, items: 4, users: 2 };
  expect(heard()).toEqual([
    { effect: JSON.stringify({ tell: 'channel', service: 'support-agent', notice }) },
  ]);
  // An agent that makes up a version for each request is told of twenty times a day.
  for (let n = 0; n < 50; n += 1) report(said(`3.0.${n}`, ['anna']));
  expect(heard()).toHaveLength(20);
  report(said('4.0.0', ['anna']), later(at, DAY_MS - 1));
  expect(heard()).toHaveLength(20);
  report([...said('4.0.1', ['anna']), ...said('4.0.2', ['ben'])], later(at, DAY_MS));
  expect(heard()).toHaveLength(22);
});

test('minutes and judged windows that are old go a slice at a time', () => {
  const { db } = aStore();
  const pruner = createPruner(db);
  const about = { service: 'support-agent', version: '2.3.3', assigned: 'split', counts: {} };
  const window = { release: 1, step: 0, weightPercent: 1, candidate: {}, stable: {} };
  const judged = { ...window, windowStart: at, says: 'hold', reason: 'no_data', words: '' };
  for (const n of [0, 1, 2, 3]) {
    const time = later(at, n * MINUTE_MS);
    db.insert(agentLogMinutes)
      .values({ ...about, minute: time })
      .run();
    db.insert(verdicts)
      .values({ ...judged, windowEnd: time })
      .run();
  }
  const before = later(at, 3 * MINUTE_MS);
  expect([2, 2, 2].map((limit) => pruner.minutes(before, limit))).toEqual([2, 1, 0]);
  expect([2, 2, 2].map((limit) => pruner.windows(before, limit))).toEqual([2, 1, 0]);
});
