import { expect, test } from 'vitest';
import { letsAgentsGo } from '#domain/exposure.ts';
import { decideKill, type KillIntent, type KillSwitch, untouched } from '#domain/killswitch.ts';
import { later } from '#domain/time.ts';
import { ana, chidi, gwen, noon } from '#test/support/builders.ts';

const idle = untouched('writes');
const thrown: KillSwitch = {
  name: 'writes',
  isOn: true,
  reason: 'it deletes mail',
  changedBy: chidi.actor,
  changedAt: noon,
};
const kill = (about: Partial<KillIntent> = {}): KillIntent => ({
  to: 'on',
  by: chidi,
  reason: 'it deletes mail',
  ...about,
});
const decide = (killSwitch: KillSwitch, intent: KillIntent) => {
  const decision = decideKill(killSwitch, intent, noon);
  return decision.ok ? decision.value : decision.refusal;
};

test('anybody who is a full member throws a kill switch, and the channel is told', () => {
  expect(idle).toEqual({ name: 'writes', isOn: false, reason: '' });
  const by = chidi.actor;
  expect(decide(idle, kill())).toEqual({
    next: thrown,
    audit: {
      at: noon,
      actor: by,
      action: 'kill_on',
      target: { killswitch: 'writes' },
      from: 'off',
      to: 'on',
      reason: 'it deletes mail',
      outcome: 'done',
    },
    owes: [
      {
        tell: 'channel',
        notice: { what: 'kill_on', name: 'writes', by, reason: 'it deletes mail' },
      },
    ],
  });
  expect(decide(idle, kill({ by: gwen }))).toMatchObject({ code: 'not_a_member' });
});

test('a kill needs a reason, and is not thrown twice', () => {
  expect(decide(idle, kill({ reason: '' }))).toEqual({ code: 'reason_missing' });
  const code = 'already_on';
  expect(decide(thrown, kill())).toEqual({ code, name: 'writes', reason: 'it deletes mail' });
});

test('an operator switches it off, without a reason if need be; nobody else, and no token', () => {
  const off = kill({ to: 'off', by: ana, reason: '' });
  expect(decide(thrown, off)).toMatchObject({
    next: { isOn: false, changedBy: ana.actor },
    audit: { action: 'kill_off', from: 'on', to: 'off' },
    owes: [{ notice: { what: 'kill_off' } }],
  });
  expect(decide(thrown, { ...off, by: chidi })).toMatchObject({ code: 'role_needed' });
  expect(decide(idle, off)).toEqual({ code: 'already_off', name: 'writes' });
  const token = { ...ana, actor: { kind: 'token' as const, id: 'ci' } };
  expect(decide(thrown, { ...off, by: token })).toEqual({
    code: 'off_needs_a_person',
    name: 'writes',
  });
});

test('a kill that was written down later than it acted says so, and for which release it was', () => {
  const late = { recordedAt: later(noon, 1_001), becauseOfRelease: 0 };
  expect(decide(idle, kill(late))).toMatchObject({
    audit: {
      target: { killswitch: 'writes', release: 0 },
      details: { recorded_late: new Date(late.recordedAt).toISOString() },
    },
  });
  const soon = decide(idle, kill({ recordedAt: later(noon, 1_000) }));
  expect(soon).toHaveProperty('audit');
  expect(soon).not.toHaveProperty('audit.details');
});

test('only switching off lets agents go on', () => {
  expect(letsAgentsGo(thrown, idle)).toBe(true);
  for (const [before, next] of [
    [idle, thrown],
    [idle, idle],
    [thrown, thrown],
  ] as const) {
    expect(letsAgentsGo(before, next)).toBe(false);
  }
});
