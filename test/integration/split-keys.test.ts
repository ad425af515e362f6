/** Whom a step has reached, counted from what agents report while a release divides traffic. */
import { expect, test } from 'vitest';
import { createAgentLogsReader } from '#adapters/metrics/agent-logs.ts';
import { agentLogs, approvals, releases, splitKeys, steps } from '#db/schema.ts';
import type { AgentLog } from '#domain/agent-log.ts';
import { yes } from '#domain/result.ts';
import { rollUp } from '#domain/roll-up.ts';
import type { ServiceIntent } from '#domain/service.ts';
import { steerService } from '#operations/steer-service.ts';
import { recordedLogs } from '#store/sqlite/recorded-logs.ts';
import { createSplitKeys } from '#store/sqlite/split-keys.ts';
import {
  aService as adopted,
  aPlan,
  approve,
  bo,
  minutesAfterNoon,
  noon,
  observe,
  policy,
  reading,
  start,
  totals,
} from '#test/support/builders.ts';
import { aStore } from '#test/support/store.ts';

const log = (
  version: string,
  key: string | undefined,
  about: Partial<AgentLog> = {},
): AgentLog => ({
  service: 'support-agent',
  version,
  at: noon,
  success: true,
  toolCalls: 0,
  toolFailures: 0,
  injections: 0,
  unexpectedTools: 0,
  assigned: 'split',
  ...(key !== undefined && { key }),
  ...about,
});

async function aRelease() {
  const { store, logs, db, clock, time } = aStore();
  const name = 'support-agent';
  const next = adopted({ nextReleaseId: 0 });
  await store.change({ kind: 'service', name }, () => yes({ next, owes: [] }), { at: noon });
  const steer = async (intent: ServiceIntent) => {
    const deps = { store, clock, serviceNames: () => [name] };
    const done = await steerService(deps, { service: name, intent });
    expect(done.ok || done.refusal).toBe(true);
  };
  const reader = createAgentLogsReader({ logs, defaultEnvironment: () => 'production' });
  let batches = 0;
  return {
    logs,
    db,
    time,
    steer,
    reports: (...items: readonly AgentLog[]) => {
      batches += 1;
      const batch = { items: JSON.stringify(items), rollUps: rollUp(items), at: clock() };
      logs.record([{ ...batch, digest: `${batches}` }]);
    },
    keysIn: async (step: number) => {
      const reading = await reader.read({
        ...{ service: name, environment: 'production', candidate: '2.4.0', stable: '2.3.3' },
        ...{ metrics: { source: 'agent-logs' }, customGuards: [], pollMs: 60_000, at: clock() },
        inStep: { release: 1, step },
      });
      if (reading.says === 'unknown') return reading.reason;
      return [reading.candidate.keys, reading.stable.keys];
    },
  };
}

test('a user counts once a step for the version that was drawn, and a request without a key each time', async () => {
  const { steer, reports, keysIn, logs } = await aRelease();
  reports(log('2.3.3', 'before'));
  await steer(start({ plan: aPlan() }));
  reports(log('2.3.3', 'proposed'));
  expect(await keysIn(0)).toEqual([0, 0]);

  await steer(approve(0, { release: 1 }));
  reports(log('2.4.0', 'ana'), log('2.3.3', 'bo'), log('2.3.3', 'bo'), log('2.3.3', undefined));
  reports(log('2.3.3', 'bo'), log('2.3.3', undefined), log('2.4.0', 'ana'));
  reports(log('2.4.0', 'tess', { assigned: 'tester' }), log('1.0.0', 'old'));
  reports(log('2.3.3', 'cleo', { service: 'billing-agent' }), log('2.3.3', 'bo'));
  expect(await keysIn(0)).toEqual([1, 3]);
  expect(logs.drawn(1, 0)).toEqual(
    new Map([
      ['2.3.3', 3],
      ['2.4.0', 1],
    ]),
  );
  expect(await keysIn(1)).toEqual([0, 0]);
});

test('what a step counted is removed once it is passed, and the rest when the release ends', async () => {
  const { steer, reports, logs, time, db } = await aRelease();
  const keys = createSplitKeys(db);
  const rollback = { ...aPlan().rollback, stabilityWindowMs: 0 };
  await steer(start({ plan: aPlan({ rollback }) }));
  await steer(approve(0, { release: 1 }));
  reports(log('2.4.0', 'ana'));
  const passed = { release: 1, step: -1, version: '2.4.0', key: 'ana', lots: 1 };
  db.insert(splitKeys).values(passed).run();
  expect(keys.prune(noon, 10)).toBe(1);
  expect(logs.drawn(1, 0)).toEqual(new Map([['2.4.0', 1]]));

  await steer({ to: 'rollback', by: bo, reason: 'enough' });
  const applied = { stable: '2.3.3', candidate: '', weightPercent: 0 };
  await steer({ to: 'confirm_traffic', by: policy, applied });
  for (const minute of [1, 2]) {
    time.now = minutesAfterNoon(minute);
    const seen = reading(time.now, totals(1), totals(minute * 3_000, minute * 30));
    await steer(observe(seen, { release: 1, history: [] }));
  }
  expect(keys.prune(noon, 10)).toBe(2);
  expect(logs.drawn(1, 0)).toEqual(new Map());
});

test('what was recorded of the version that reports most stands for a service, the newest first', async () => {
  const { db, reports } = await aRelease();
  expect(recordedLogs(db, 'support-agent', 9)).toEqual([]);
  reports(log('2.3.3', 'a'), log('2.3.3', 'b'), log('2.3.3', 'c', { assigned: 'tester' }));
  reports(log('2.4.0', 'd'), log('2.3.3', 'e'), log('3.0.0', 'f', { service: 'mail-agent' }));
  const keysOf = (limit: number) => recordedLogs(db, 'support-agent', limit).map(({ key }) => key);
  expect(keysOf(9)).toEqual(['e', 'b', 'a']);
  expect(keysOf(2)).toEqual(['e']);
  const unreadable = { receivedAt: noon, service: 'mail-agent', version: '3.0.0', item: {} };
  const { id } = db.insert(agentLogs).values(unreadable).returning().get();
  expect(() => recordedLogs(db, 'mail-agent', 9)).toThrow(`agentLog of agent log ${id}`);
});

test('the steps of a release and each approval have rows of their own', async () => {
  const { db, steer } = await aRelease();
  const plan = aPlan();
  await steer(start({ plan }));
  await steer(approve(0, { release: 1 }));
  expect(db.select().from(steps).all()).toEqual(
    plan.steps.map((step, index) => ({ release: 1, number: index + 1, ...step })),
  );
  expect(db.select().from(approvals).all()).toMatchObject([
    { release: 1, step: 0, approvedBy: 'user:U0BO', judged: false },
  ]);
  expect(db.select().from(releases).get()).toMatchObject({ live: true, endedAt: null });
  await steer({ to: 'rollback', by: bo, reason: 'it is slow' });
  expect(db.select().from(releases).get()).toMatchObject({ phase: 'rolling_back', endedAt: null });
  expect(db.select().from(approvals).all()).toHaveLength(1);
});
