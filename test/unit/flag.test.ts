import { describe, expect, test } from 'vitest';
import { givesFlagMore } from '#domain/exposure.ts';
import {
  decideFlag,
  exposurePercent,
  type Flag,
  type FlagIntent,
  type FlagValue,
  newFlag,
} from '#domain/flag.ts';
import { ana, bo, chidi, gwen, noon, sam } from '#test/support/builders.ts';

const key = 'new-search';
const on: FlagValue = { state: 'on', percent: 0 };
const off: FlagValue = { state: 'off', percent: 0 };
const at = (percent: number): FlagValue => ({ state: 'percentage', percent });

const aFlag = (about: Partial<Flag> = {}): Flag => ({ ...newFlag(key), ...about });
const set = (value: FlagValue, by = ana): FlagIntent => ({
  to: 'set',
  by,
  value,
  approvalAbovePercent: 50,
});

function decided(flag: Flag, intent: FlagIntent) {
  const decision = decideFlag(flag, intent, noon);
  if (!decision.ok) throw new Error(`refused: ${decision.refusal.code}`);
  return decision.value;
}
const refused = (flag: Flag, intent: FlagIntent) => {
  const decision = decideFlag(flag, intent, noon);
  return decision.ok ? undefined : decision.refusal;
};

describe('a flag', () => {
  test('begins off, for nobody', () => {
    expect(newFlag(key)).toEqual({
      ...off,
      key,
      allowed: [],
      archived: false,
      requests: 0,
      bucketing: 1,
    });
    expect([off, on, at(30)].map(exposurePercent)).toEqual([0, 100, 30]);
  });

  test('is raised by an operator, with one entry, and the channel is told', () => {
    const { next, audit, owes } = decided(aFlag(), set(at(50)));
    expect(next).toEqual(aFlag(at(50)));
    expect(audit).toEqual({
      at: noon,
      actor: ana.actor,
      action: 'flag_set',
      target: { flag: key },
      from: 'off',
      to: '50 %',
      reason: '',
      outcome: 'done',
    });
    const notice = { what: 'flag_changed', key, from: 'off', to: '50 %', by: ana.actor };
    expect(owes).toEqual([{ tell: 'channel', notice }]);
  });

  test('is raised by nobody else, and lowered by any full member', () => {
    expect(refused(aFlag(), set(at(1), chidi))).toEqual({
      code: 'role_needed',
      needed: 'operator',
    });
    expect(decided(aFlag(at(50)), set(at(10), chidi)).next).toMatchObject(at(10));
    expect(decided(aFlag(on), set(off, chidi)).next.state).toBe('off');
    expect(refused(aFlag(on), set(off, gwen))).toMatchObject({ code: 'not_a_member' });
  });

  test('that lets its allowed ones in again is raised, whatever its percentage', () => {
    const flag = aFlag({ allowed: ['anna'] });
    expect(refused(flag, set(at(0), chidi))).toMatchObject({ code: 'role_needed' });
    expect(decided(aFlag(), set(at(0), chidi)).next).toMatchObject(at(0));
    expect(givesFlagMore(flag, { ...flag, ...at(0) })).toBe(true);
    expect(givesFlagMore(aFlag(), aFlag(at(0)))).toBe(false);
    expect(givesFlagMore(aFlag(at(0)), aFlag({ ...at(0), allowed: [] }))).toBe(false);
  });

  test('that is so already is said to be', () => {
    expect(refused(aFlag(at(10)), set(at(10)))).toEqual({
      code: 'flag_unchanged',
      key,
      state: '10 %',
    });
  });

  test('that was archived takes no more changes', () => {
    const { next, audit, owes } = decided(aFlag(on), { to: 'archive', by: ana });
    expect(next).toEqual(aFlag({ ...on, archived: true }));
    expect(audit).toMatchObject({ action: 'flag_archive', from: 'on', to: 'archived' });
    expect(owes).toMatchObject([{ notice: { what: 'flag_changed', from: 'on', to: 'archived' } }]);
    expect(givesFlagMore(aFlag(on), next)).toBe(true);
    expect(refused(next, set(off))).toEqual({ code: 'flag_archived', key });
    expect(refused(aFlag(on), { to: 'archive', by: chidi })).toMatchObject({ code: 'role_needed' });
  });
});

describe('a flag raised above the limit', () => {
  const asked = decided(aFlag(), set(at(51))).next;
  const answer = (to: 'approve' | 'decline', by = bo, request = 1): FlagIntent => ({
    to,
    by,
    request,
  });

  test('is only asked for', () => {
    const { next, audit, owes } = decided(aFlag(), set(at(51)));
    const request = { id: 1, value: at(51), by: ana.actor, at: noon };
    expect(next).toEqual(aFlag({ requests: 1, request }));
    expect(audit).toMatchObject({ action: 'flag_ask', from: 'off', to: '51 %' });
    expect(owes).toEqual([{ sync: 'flag_request', flag: key, request: 1 }]);
    expect(givesFlagMore(aFlag(), next)).toBe(true);
  });

  test('is not asked for when it is lowered, however high it stays', () => {
    expect(decided(aFlag(on), set(at(90))).next).toEqual(aFlag(at(90)));
  });

  test('is raised by the yes of a second person, who is named beside the first', () => {
    const { next, audit, owes } = decided(asked, answer('approve'));
    expect(next).toEqual(aFlag({ ...at(51), requests: 1 }));
    expect(audit).toMatchObject({ action: 'flag_approve', actor: bo.actor });
    expect(owes).toEqual([
      {
        tell: 'channel',
        notice: {
          what: 'flag_changed',
          key,
          from: 'off',
          to: '51 %',
          by: ana.actor,
          approvedBy: bo.actor,
        },
      },
      { sync: 'flag_request', flag: key, request: 1 },
    ]);
  });

  test('is not raised by who asked, nor by an old button', () => {
    const mine = decided(aFlag(), set(on, sam)).next;
    expect(refused(mine, answer('approve', sam))).toEqual({
      code: 'needs_second_person',
      excluded: sam.actor,
    });
    expect(refused(asked, answer('approve', bo, 2))).toEqual({ code: 'plan_changed' });
    expect(refused(asked, answer('approve', chidi))).toMatchObject({ code: 'role_needed' });
    expect(refused(aFlag(), answer('approve'))).toEqual({ code: 'plan_changed' });
  });

  test('stays where it is after a no, by any full member', () => {
    const { next, audit, owes } = decided(asked, answer('decline', chidi));
    expect(next).toEqual(aFlag({ requests: 1 }));
    expect(audit).toMatchObject({ action: 'flag_decline', from: 'off', to: 'off' });
    expect(owes).toEqual([{ sync: 'flag_request', flag: key, request: 1 }]);
  });

  test('is asked for anew after any other change, and the old question is closed', () => {
    const again = decided(asked, set(on));
    expect(again.next.request).toMatchObject({ id: 2, value: on });
    expect(again.owes).toEqual([
      { sync: 'flag_request', flag: key, request: 2 },
      { sync: 'flag_request', flag: key, request: 1 },
    ]);
    const { next, owes } = decided(asked, { to: 'archive', by: ana });
    expect(next.request).toBeUndefined();
    expect(owes.at(-1)).toEqual({ sync: 'flag_request', flag: key, request: 1 });
  });
});

describe('the allowlist of a flag', () => {
  const users = (to: 'allow' | 'disallow', names: readonly string[], by = ana): FlagIntent => ({
    to,
    by,
    users: names,
  });

  test('that is off opens it for them and for nobody else', () => {
    const { next, audit, owes } = decided(aFlag(), users('allow', ['anna']));
    expect(next).toEqual(aFlag({ ...at(0), allowed: ['anna'] }));
    expect(audit).toMatchObject({
      action: 'flag_allow',
      from: 'off, 0 allowed',
      to: '0 %, 1 allowed',
      details: { users: ['anna'] },
    });
    expect(owes).toMatchObject([{ notice: { from: 'off, 0 allowed', to: '0 %, 1 allowed' } }]);
    expect(givesFlagMore(aFlag(), next)).toBe(true);
  });

  test('names everybody once, and leaves the percentage alone', () => {
    const flag = aFlag({ ...at(5), allowed: ['anna', 'ben'] });
    expect(decided(flag, users('allow', ['ben', 'cleo'])).next).toEqual(
      aFlag({ ...at(5), allowed: ['anna', 'ben', 'cleo'] }),
    );
    const fewer = decided(flag, users('disallow', ['ben', 'cleo'], chidi));
    expect(fewer.next).toEqual(aFlag({ ...at(5), allowed: ['anna'] }));
    expect(fewer.audit).toMatchObject({ action: 'flag_disallow', to: '5 %, 1 allowed' });
    expect(givesFlagMore(flag, fewer.next)).toBe(false);
    expect(decided(aFlag({ allowed: ['ben'] }), users('disallow', ['ben'])).next).toEqual(aFlag());
  });

  test('is made longer by an operator only', () => {
    expect(refused(aFlag(on), users('allow', ['anna'], chidi))).toMatchObject({
      code: 'role_needed',
    });
  });
});
