import { expect, test } from 'vitest';
import { decideService } from '#domain/decide-service.ts';
import type { Counts } from '#domain/evidence.ts';
import { no, yes } from '#domain/result.ts';
import type { ServiceIntent } from '#domain/service.ts';
import { type Instant, MINUTE_MS } from '#domain/time.ts';
import { pollServices } from '#operations/poll-services.ts';
import {
  ana,
  aPlan,
  approve,
  aService,
  chidi,
  minutesAfterNoon,
  noon,
  policy,
  start,
  totals,
} from '#test/support/builders.ts';
import { aStore } from '#test/support/store.ts';

const NAME = 'support-agent';

/** The store, the decisions and the polls of one service, without Slack and agents around them. */
async function aHouse() {
  const { store, queries } = aStore();
  let at: Instant = noon;
  const counted: Record<string, Counts> = {};
  const asked: string[] = [];
  let pollMs = MINUTE_MS;
  const service = () => {
    const found = queries.service(NAME);
    if (!found) throw new Error('no such service');
    return found;
  };
  await store.change({ kind: 'service', name: NAME }, () => yes({ next: aService(), owes: [] }), {
    at,
  });
  return {
    service,
    release: (id: number) => queries.release(id),
    asked,
    /** A reload of the configuration makes polls this far apart. */
    pollsEvery: (minutes: number) => {
      pollMs = minutes * MINUTE_MS;
    },
    /** Somebody does something at this minute after noon. */
    at: async (minute: number, intent: ServiceIntent) => {
      at = minutesAfterNoon(minute);
      const candidate = intent.to === 'start' ? { candidate: intent.candidate } : {};
      const outcome = await store.change(
        { kind: 'service', name: NAME, ...candidate },
        (state) => {
          const decision = state && decideService(state, intent, at);
          if (!decision) throw new Error('no such service');
          return decision.ok ? decision : no({ refusal: decision.refusal });
        },
        { at },
      );
      if (!outcome.ok) throw new Error(`${intent.to}: ${JSON.stringify(outcome.refusal)}`);
    },
    poll: async (minute: number, totalsOf: Record<string, Counts>) => {
      at = minutesAfterNoon(minute);
      Object.assign(counted, totalsOf);
      asked.length = 0;
      await pollServices({
        store,
        queries,
        clock: () => at,
        serviceNames: () => [NAME],
        defaultEnvironment: () => 'production',
        settings: () => ({ pollMs }),
        log: {
          info: () => {},
          warn: () => {},
          error: (about) => {
            throw about;
          },
        },
        metrics: {
          read: async ({ candidate, stable }) => {
            asked.push(candidate);
            const arms = { candidate: counted[candidate], stable: counted[stable] };
            const { candidate: one = totals(0), stable: other = totals(0) } = arms;
            return { says: 'counted', at, candidate: one, stable: other };
          },
          history: async () => [],
        },
      });
    },
  };
}

/** 2.4.0 became stable as release 1, and is watched. */
async function afterARelease() {
  const house = await aHouse();
  const plan = aPlan({ steps: [{ weightPercent: 100, dwellMs: 0, approval: true }] });
  await house.at(0, start({ plan }));
  await house.at(0, approve(0, { release: 1 }));
  for (let minute = 1; house.service().live; minute += 1)
    await house.poll(minute, { '2.4.0': totals(minute * 3_000, minute * 30) });
  return house;
}

test('a new stable version stays watched while the next release is proposed', async () => {
  const house = await afterARelease();
  await house.at(40, start({ candidate: '2.5.0' }));
  for (let minute = 41; minute <= 60; minute += 1)
    await house.poll(minute, { '2.4.0': totals(minute * 3_000, (minute - 40) * 1_500) });
  expect(house.service()).toMatchObject({
    live: { phase: 'proposed' },
    crowned: { verdict: { says: 'stop' }, incident: {} },
  });
});

test('and while the next one has its first share', async () => {
  const house = await afterARelease();
  await house.at(40, start({ candidate: '2.5.0' }));
  await house.at(41, approve(0, { release: 2 }));
  await house.poll(42, {});
  expect(house.asked).toEqual(['2.5.0', '2.4.0']);
});

test('a rollback of the watched version ends the release that followed it', async () => {
  const house = await afterARelease();
  await house.at(40, start({ candidate: '2.5.0' }));
  await house.at(41, approve(0, { release: 2 }));
  await house.at(50, { to: 'rollback', by: chidi, release: 1, reason: 'users complain' });
  expect(house.service()).toMatchObject({ stable: '2.3.3', live: { phase: 'rolling_back' } });
  expect(house.release(1)).toMatchObject({ phase: 'completed', watchOver: true });
  await house.poll(51, {});
  expect(house.asked).toEqual([]);
});

test('a candidate that was stopped is no better for a proposal that came to nothing', async () => {
  const house = await aHouse();
  const plan = aPlan({ rollback: { ...aPlan().rollback, lockCandidate: false } });
  await house.at(0, start({ plan }));
  await house.at(0, approve(0, { release: 1 }));
  for (let minute = 1; house.service().live?.phase === 'progressing'; minute += 1)
    await house.poll(minute, {
      '2.4.0': totals(minute * 30, minute * 15),
      '2.3.3': totals(minute * 3_000, minute * 30),
    });
  const applied = { stable: '2.3.3', candidate: '', weightPercent: 0 };
  await house.at(20, { to: 'confirm_traffic', by: ana, applied });
  for (let minute = 21; house.service().live; minute += 1)
    await house.poll(minute, { '2.3.3': totals(minute * 3_000, minute * 30) });

  await house.at(100, start({ plan }));
  await house.at(101, { to: 'abort', by: chidi, reason: 'not now' });
  await house.at(102, start({ plan }));
  expect(house.service().live?.earlier).toMatchObject({ stopped: { reason: expect.any(String) } });
  // Nobody had it in the proposal between, so this is only the second try.
  expect(house.service().live?.facts.earlierAttempts).toBe(1);
});

test('a recovery is verified though a reload has made polls ten times as rare', async () => {
  const house = await aHouse();
  await house.at(0, start());
  await house.at(0, approve(0, { release: 1 }));
  await house.poll(1, { '2.3.3': totals(3_000, 30) });
  await house.at(2, { to: 'rollback', by: chidi, reason: 'it mails everybody' });
  const applied = { stable: '2.3.3', candidate: '', weightPercent: 0 };
  await house.at(2, { to: 'confirm_traffic', by: policy, applied });
  house.pollsEvery(10);
  for (const minute of [12, 22, 32, 42, 52])
    await house.poll(minute, { '2.3.3': totals(minute * 3_000, minute * 30) });
  expect(house.release(1)?.phase).toBe('rolled_back');
});
