import { describe, expect, test } from 'vitest';
import { type EvaluationContext, evaluate, keysOf, switchOf } from '#domain/evaluation.ts';
import {
  emptySnapshot,
  isSwitchOn,
  type ServiceRoute,
  type Snapshot,
  viewOf,
  withFlag,
  withKill,
  withService,
} from '#domain/snapshot.ts';
import { aFlag, aService, aSplit, users } from '#test/support/agents.ts';

const nobody: EvaluationContext = {};
const anna: EvaluationContext = { targetingKey: 'anna' };

const serving = (service: Partial<ServiceRoute> = {}) =>
  withService(emptySnapshot('production'), 'support-agent', aService(service));

const ask = (snapshot: Snapshot, key: string, context = anna, environment = 'production') =>
  evaluate(viewOf(snapshot, environment), key, context);

function answer(snapshot: Snapshot, key: string, context = anna, environment = 'production') {
  const evaluated = ask(snapshot, key, context, environment);
  if (!evaluated.ok) throw new Error(`no answer: ${evaluated.refusal.code}`);
  return evaluated.value;
}

describe('the version a key gets', () => {
  test('is the stable one while nothing is released', () => {
    expect(answer(serving(), 'support-agent.version', nobody)).toEqual({
      key: 'support-agent.version',
      reason: 'STATIC',
      variant: 'stable',
      value: '2.3.3',
      metadata: { arm: 'stable', assigned: 'split', killed: false },
    });
  });

  test('is the candidate for about the share the release is at', () => {
    const snapshot = serving({ split: aSplit({ weightPercent: 25 }) });
    const given = users(4_000).filter(
      (targetingKey) =>
        answer(snapshot, 'support-agent.version', { targetingKey }).value === '2.4.0',
    );
    expect(given.length / 4_000).toBeCloseTo(0.25, 1);
  });

  test('names the release, the step, the weight and the arm', () => {
    const { metadata } = answer(
      serving({ split: aSplit({ weightPercent: 100 }) }),
      'support-agent.version',
    );
    expect(metadata).toEqual({
      release: 12,
      step: 3,
      weight: 100,
      arm: 'candidate',
      assigned: 'split',
      killed: false,
    });
  });

  test('needs a key only when chance decides', () => {
    const at = (weightPercent: number) =>
      ask(serving({ split: aSplit({ weightPercent }) }), 'support-agent.version', nobody);
    expect(at(0)).toMatchObject({ value: { value: '2.3.3' } });
    expect(at(100)).toMatchObject({ value: { value: '2.4.0' } });
    const key = 'support-agent.version';
    expect(at(25)).toEqual({ ok: false, refusal: { code: 'targeting_key_missing', key } });
  });

  test('is the candidate for a tester from weight 0 on, and that is no evidence', () => {
    const split = aSplit({ weightPercent: 0, testers: new Set(['anna']) });
    const evaluated = answer(serving({ split }), 'support-agent.version');
    expect(evaluated).toMatchObject({ value: '2.4.0', reason: 'TARGETING_MATCH' });
    expect(evaluated).toMatchObject({ variant: 'candidate', metadata: { arm: 'candidate' } });
    expect(evaluated.metadata.assigned).toBe('tester');
    const other = answer(serving({ split }), 'support-agent.version', { targetingKey: 'ben' });
    expect(other.value).toBe('2.3.3');
  });

  test('is stable for an agent that lacks the candidate, and says so', () => {
    const snapshot = serving({ split: aSplit({ weightPercent: 100 }) });
    const evaluated = answer(snapshot, 'support-agent.version', { ...anna, versions: ['2.3.3'] });
    expect(evaluated).toMatchObject({
      value: '2.3.3',
      metadata: { arm: 'stable', assigned: 'pinned', lacks_candidate: true },
    });
    const able = { ...anna, versions: ['2.3.3', '2.4.0'] };
    expect(answer(snapshot, 'support-agent.version', able).value).toBe('2.4.0');
  });
});

describe('an answer says how it came about', () => {
  const half = () => serving({ split: aSplit({ weightPercent: 50 }) });
  const how = (snapshot: Snapshot, context: EvaluationContext) => {
    const { reason, variant, metadata } = answer(snapshot, 'support-agent.version', context);
    return [reason, variant, metadata.arm, metadata.assigned];
  };

  test('by chance', () => {
    const found = new Set(users(50).map((targetingKey) => how(half(), { targetingKey }).join(' ')));
    expect(found).toEqual(
      new Set(['SPLIT candidate candidate split', 'SPLIT stable stable split']),
    );
  });

  test('by the conversation that goes on', () => {
    const began = (sessionVersion: string) => how(half(), { sessionVersion });
    expect(began('2.4.0')).toEqual(['TARGETING_MATCH', 'candidate', 'candidate', 'pinned']);
    expect(began('2.3.3')).toEqual(['TARGETING_MATCH', 'stable', 'stable', 'pinned']);
  });

  test('by what the agent lacks', () => {
    const lacking = how(half(), { ...anna, versions: ['2.3.3'] });
    expect(lacking).toEqual(['TARGETING_MATCH', 'stable', 'stable', 'pinned']);
  });

  test('by a switch of its own, or by the one for all', () => {
    const own = withKill(serving(), 'writes', true);
    const all = withKill(serving(), 'global', true);
    expect(answer(serving(), 'kill.writes')).toEqual({
      ...{ key: 'kill.writes', reason: 'STATIC', variant: 'off', value: false, metadata: {} },
    });
    expect(answer(own, 'kill.writes')).toMatchObject({ variant: 'on', value: true, metadata: {} });
    expect(answer(own, 'kill.writes').metadata).toEqual({});
    expect(answer(all, 'kill.reads').metadata).toEqual({ by: 'global' });
  });
});

test('a key is that of a version or of a switch only when it is written so', () => {
  const snapshot = withFlag(
    serving(),
    'support-agent.visible',
    aFlag({ key: 'support-agent.visible' }),
  );
  expect(answer(snapshot, 'support-agent.visible')).toMatchObject({ key: 'support-agent.visible' });
  expect(switchOf('kill.writes')).toBe('writes');
  expect(switchOf('killers')).toBeUndefined();
  expect(switchOf('kill.Writes')).toBeUndefined();
  expect(switchOf('kill.writes/staging')).toBeUndefined();
});

test('a switch is seen in its environment, under any of its names', () => {
  const snapshot = withKill(serving(), 'writes/staging', true);
  expect(isSwitchOn(snapshot, 'writes/staging')).toBe(true);
  expect(isSwitchOn(snapshot, 'writes')).toBe(false);
  expect(isSwitchOn(withKill(snapshot, 'writes', true), 'writes/production')).toBe(true);
  expect(withKill(snapshot, 'writes', true).generation).toBe(snapshot.generation + 1);
  // What does not reach an environment leaves its view as it is.
  const all = withKill(snapshot, 'global/staging', true);
  expect(viewOf(all, 'production')).toBe(viewOf(snapshot, 'production'));
  expect(all.generation).toBe(snapshot.generation + 1);
});

describe('a conversation', () => {
  const began = (sessionVersion: string) => ({ ...anna, sessionVersion });

  test('stays on the version it began with while the split moves on', () => {
    const snapshot = serving({ split: aSplit({ weightPercent: 100 }) });
    expect(answer(snapshot, 'support-agent.version', began('2.3.3'))).toMatchObject({
      value: '2.3.3',
      metadata: { arm: 'stable', assigned: 'pinned' },
    });
  });

  test('stays on a former stable version too', () => {
    const snapshot = serving({ pinnable: new Set(['2.2.0', '2.3.3']) });
    expect(answer(snapshot, 'support-agent.version', began('2.2.0'))).toMatchObject({
      value: '2.2.0',
      variant: 'former',
    });
  });

  test('leaves a version that was rolled back', () => {
    const snapshot = serving({ pinnable: new Set(['2.3.3']) });
    expect(answer(snapshot, 'support-agent.version', began('2.4.0')).value).toBe('2.3.3');
  });

  test('leaves a candidate its agent says it cannot run', () => {
    const snapshot = serving({ split: aSplit({ weightPercent: 100 }) });
    const context = { ...began('2.4.0'), versions: ['2.3.3'] };
    expect(answer(snapshot, 'support-agent.version', context).value).toBe('2.3.3');
  });
});

describe('a kill switch', () => {
  test('is off until it is thrown, also when nobody ever named it', () => {
    expect(answer(serving(), 'kill.writes', nobody).value).toBe(false);
    expect(answer(withKill(serving(), 'writes', true), 'kill.writes', nobody).value).toBe(true);
    const released = withKill(withKill(serving(), 'writes', true), 'writes', false);
    expect(answer(released, 'kill.writes', nobody).value).toBe(false);
  });

  test('of a service leaves its version alone and is seen in its metadata', () => {
    const snapshot = withKill(serving(), 'support-agent', true);
    expect(answer(snapshot, 'kill.support-agent').value).toBe(true);
    expect(answer(snapshot, 'support-agent.version')).toMatchObject({
      value: '2.3.3',
      metadata: { killed: true },
    });
  });

  test('reaches only its environment', () => {
    const snapshot = withKill(serving(), 'support-agent', true);
    expect(answer(snapshot, 'kill.support-agent', anna, 'staging').value).toBe(false);
    const staging = withKill(serving(), 'support-agent/staging', true);
    expect(answer(staging, 'kill.support-agent').value).toBe(false);
    expect(answer(staging, 'kill.support-agent', anna, 'staging').value).toBe(true);
  });

  test('“global” turns every switch on, in every environment, those unheard of too', () => {
    const snapshot = withKill(serving(), 'global', true);
    for (const environment of ['production', 'staging', 'never-heard-of']) {
      expect(answer(snapshot, 'kill.global', anna, environment).value).toBe(true);
      expect(answer(snapshot, 'kill.anything', anna, environment).value).toBe(true);
    }
    expect(answer(snapshot, 'support-agent.version').metadata.killed).toBe(true);
  });

  test('“global/staging” turns on everything in staging and nothing elsewhere', () => {
    const snapshot = withKill(serving(), 'global/staging', true);
    expect(answer(snapshot, 'kill.anything', anna, 'staging').value).toBe(true);
    expect(answer(snapshot, 'kill.anything').value).toBe(false);
  });

  test('under its short and its long name is one switch', () => {
    const on = withKill(serving(), 'writes/production', true);
    expect(answer(on, 'kill.writes').value).toBe(true);
    const off = withKill(on, 'writes', false);
    expect(answer(off, 'kill.writes').value).toBe(false);
    expect(off.kills.size).toBe(0);
  });

  test('of one environment stays on when “global” is switched off', () => {
    const both = withKill(withKill(serving(), 'global/production', true), 'global', true);
    const left = withKill(both, 'global', false);
    expect(answer(left, 'kill.writes').value).toBe(true);
    expect(answer(left, 'kill.writes', anna, 'staging').value).toBe(false);
  });

  test('with a name that cannot be is unknown', () => {
    expect(ask(serving(), 'kill.Über/alles')).toMatchObject({
      refusal: { code: 'flag_not_found' },
    });
  });
});

describe('a flag', () => {
  const flagged = (flag: Parameters<typeof aFlag>[0]) =>
    withFlag(emptySnapshot('production'), 'new-search', aFlag(flag));

  test('that is off is off for everyone, the allowed ones too', () => {
    const snapshot = flagged({ state: 'off', percent: 50, allowed: new Set(['anna']) });
    expect(answer(snapshot, 'new-search')).toMatchObject({ value: false, reason: 'DISABLED' });
  });

  test('that is on is on for everyone', () => {
    expect(answer(flagged({ state: 'on' }), 'new-search', nobody).value).toBe(true);
  });

  test('at a percentage is on for the allowed ones besides', () => {
    const snapshot = flagged({ state: 'percentage', percent: 0, allowed: new Set(['anna']) });
    expect(answer(snapshot, 'new-search').value).toBe(true);
    expect(answer(snapshot, 'new-search', { targetingKey: 'ben' }).value).toBe(false);
    expect(answer(snapshot, 'new-search', nobody).value).toBe(false);
  });

  test('says what decided, and needs a key only when chance does', () => {
    const at = (percent: number, context = nobody) =>
      ask(
        flagged({ state: 'percentage', percent, allowed: new Set(['anna']) }),
        'new-search',
        context,
      );
    const key = 'new-search';
    expect(at(50)).toEqual({ ok: false, refusal: { code: 'targeting_key_missing', key } });
    expect(at(50, anna)).toMatchObject({ value: { reason: 'TARGETING_MATCH', variant: 'on' } });
    expect(at(99, { targetingKey: 'ben' })).toMatchObject({ value: { reason: 'SPLIT' } });
    expect(at(0)).toMatchObject({ value: { reason: 'STATIC', variant: 'off', metadata: {} } });
    expect(at(100)).toMatchObject({ value: { reason: 'STATIC', variant: 'on', value: true } });
    expect(answer(flagged({ state: 'on' }), key, nobody).reason).toBe('STATIC');
  });

  test('at a percentage is drawn apart from every other flag', () => {
    const snapshot = withFlag(
      flagged({ state: 'percentage', percent: 50 }),
      'other',
      aFlag({ key: 'other', state: 'percentage', percent: 50 }),
    );
    const both = users(2_000).filter((targetingKey) =>
      ['new-search', 'other'].every((key) => answer(snapshot, key, { targetingKey }).value),
    );
    expect(both.length / 2_000).toBeCloseTo(0.25, 1);
  });

  test('that was archived, or never was, is not found', () => {
    const archived = withFlag(flagged({ state: 'on' }), 'new-search', undefined);
    for (const key of ['new-search', 'never-was', 'unknown.version']) {
      expect(ask(archived, key)).toMatchObject({ refusal: { code: 'flag_not_found', key } });
    }
  });
});

test('an environment lists the versions, the switches and the flags it knows', () => {
  const snapshot = withKill(withFlag(serving(), 'new-search', aFlag()), 'writes', false);
  expect(keysOf(viewOf(snapshot, 'production'), ['refunds'])).toEqual([
    'kill.global',
    'kill.refunds',
    'kill.support-agent',
    'kill.writes',
    'new-search',
    'support-agent.version',
  ]);
});

test('what a commit did not touch stays the same object', () => {
  const before = withService(serving(), 'mailer/staging', aService({ name: 'mailer' }));
  const after = withFlag(before, 'new-search', aFlag());
  expect(viewOf(after, 'staging')).toBe(viewOf(before, 'staging'));
  expect(viewOf(after, 'production').services).toBe(viewOf(before, 'production').services);
  expect(after.generation).toBe(before.generation + 1);
  expect(viewOf(before, 'production').flags.size).toBe(0);
});

test('a commit that changes nothing agents can see leaves the snapshot as it is', () => {
  const split = aSplit({ testers: new Set(['anna', 'ben']) });
  const once = withKill(
    withFlag(serving({ split }), 'new-search', aFlag({ allowed: new Set(['anna']) })),
    'writes',
    true,
  );
  const again = withKill(
    withFlag(
      withService(
        once,
        'support-agent',
        aService({ split: aSplit({ testers: new Set(['ben', 'anna']) }) }),
      ),
      'new-search',
      aFlag({ allowed: new Set(['anna']) }),
    ),
    'writes',
    true,
  );
  expect(again).toBe(once);
  expect(withKill(withKill(once, 'global', true), 'global', false).kills).toEqual(once.kills);
  const other = aSplit({ testers: new Set(['ben', 'carl']) });
  expect(withService(once, 'support-agent', aService({ split: other }))).not.toBe(once);
  expect(withFlag(once, 'new-search', aFlag({ allowed: new Set() }))).not.toBe(once);
  expect(withKill(once, 'writes', false)).not.toBe(once);
  expect(withKill(once, 'reads', false)).not.toBe(once);
});
