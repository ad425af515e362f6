import { describe, expect, test } from 'vitest';
import { answerKillswitch } from '#adapters/slack/inbound/answer-killswitch.ts';
import { answerRollout } from '#adapters/slack/inbound/answer-rollout.ts';
import type { Answered } from '#adapters/slack/inbound/deps.ts';
import { answers } from '#test/support/slack-bot.ts';

/** Types as Chidi, who has no role; and what agents were answered while the drill went on. */
async function desk(answered: Partial<Answered> = {}) {
  const house = await answers();
  const { deps: given, asking, snapshots, queries } = house;
  const asked: string[] = [];
  const deps = {
    ...given,
    answered: {
      isKilled: async (name: string) => {
        asked.push(name);
        return await given.answered.isKilled(name);
      },
      trafficOf: async (service: string) => {
        const traffic = await given.answered.trafficOf(service);
        asked.push(`${service} ${traffic.candidate || traffic.stable} ${traffic.weightPercent} %`);
        return traffic;
      },
      ...answered,
    },
  };
  const before = snapshots.current().environments;
  return {
    ...house,
    asked,
    kills: async (text: string, user = 'U0CHIDI') =>
      (await answerKillswitch(deps, { ...asking(user), text })).text,
    rolls: async (text: string, user = 'U0CHIDI') =>
      (await answerRollout(deps, { ...asking(user), text })).text,
    lastEntry: () => queries.lastEntries(1)[0]?.body,
    isAsBefore: () => expect(snapshots.current().environments).toEqual(before),
  };
}

describe('a drill of a kill', () => {
  test('throws a switch that nobody asks for, and takes it back', async () => {
    const { kills, asked, lastEntry, isAsBefore, journal, queries } = await desk();
    const words = await kills('drill writes');
    expect(words).toContain('Drill of “writes”: nothing was stopped.');
    expect(words).toContain('A made-up kill acted after 0 ms');
    expect(words).toContain('It was safe in the emergency journal');
    expect(words).toContain('12 connected agents were told within 34 ms.');
    expect(asked).toEqual(['~drill/production']);
    isAsBefore();
    expect(journal.pending()).toEqual([]);
    expect(queries.killSwitches()).toEqual([]);
    expect(lastEntry()).toMatchObject({
      action: 'kill_drill',
      target: { killswitch: 'writes' },
      outcome: 'done',
      details: { acts_ms: 0, journal_ms: 0, streams: 12, pollers: 0 },
    });
  });

  test('fails when whoever answers agents does not answer with it', async () => {
    const { kills, lastEntry, isAsBefore } = await desk({ isKilled: async () => false });
    expect(await kills('drill writes')).toContain(':warning: A kill did not act within 1000 ms');
    expect(lastEntry()).toMatchObject({ action: 'kill_drill', outcome: 'failed' });
    isAsBefore();
  });

  test('is refused to guests, and for what can be no switch', async () => {
    const { kills, asked, lastEntry } = await desk();
    expect(await kills('drill writes', 'U0GUEST')).toContain('guests');
    expect(lastEntry()).toMatchObject({ action: 'kill_drill', outcome: 'refused' });
    expect(await kills('drill <!here>')).toContain('cannot be the name');
    expect(asked).toEqual([]);
  });
});

describe('a drill of a rollback', () => {
  test('gives a made-up candidate weight 0 where nobody asks, and rolls it back', async () => {
    const { rolls, asked, lastEntry, isAsBefore, queries, outbox, clock } = await desk();
    const service = queries.service('support-agent');
    expect(await rolls('drill support-agent')).toContain('read back as rolled back after 0 ms');
    expect(asked).toEqual(['~drill/production drill 0 %', '~drill/production 2.3.3 0 %']);
    isAsBefore();
    expect(queries.service('support-agent')).toEqual(service);
    expect(lastEntry()).toMatchObject({
      action: 'rollout_drill',
      target: { service: 'support-agent' },
      outcome: 'done',
      details: { back_ms: 0 },
    });
    const owed = outbox.due('slack', clock(), 20).map(({ effect }) => effect);
    expect(owed).toContainEqual({
      tell: 'channel',
      service: 'support-agent',
      notice: {
        what: 'rollback_drill',
        service: 'support-agent',
        by: { kind: 'user', id: 'U0CHIDI' },
        backMs: 0,
      },
    });
  });

  test('fails when traffic is not read back as rolled back', async () => {
    const stuck = { stable: '2.3.3', candidate: 'drill', weightPercent: 10 };
    const { rolls, lastEntry, isAsBefore } = await desk({ trafficOf: async () => stuck });
    expect(await rolls('drill support-agent')).toContain(':warning: *it failed:*');
    expect(lastEntry()).toMatchObject({
      outcome: 'failed',
      reason: 'traffic could not be read back as rolled back in time',
    });
    isAsBefore();
  });

  test('is refused while a release is live, and for a service that is not there', async () => {
    const { rolls, asked, lastEntry } = await desk();
    expect(await rolls('drill suport-agent')).toContain('Did you mean “support-agent”?');
    await rolls('start support-agent 2.4.0', 'U0ANA');
    expect(await rolls('drill support-agent')).toContain('#1 (2.4.0) is still in progress');
    expect(lastEntry()).toMatchObject({
      action: 'rollout_drill',
      outcome: 'refused',
      reason: 'release_in_progress',
    });
    expect(asked).toEqual([]);
  });
});
