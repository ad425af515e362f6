import { describe, expect, test } from 'vitest';
import { decideService } from '#domain/decide-service.ts';
import { weightOf } from '#domain/release.ts';
import type { Service, ServiceIntent } from '#domain/service.ts';
import { MINUTE_MS } from '#domain/time.ts';
import {
  ana,
  aPlan,
  approve,
  aService,
  bo,
  chidi,
  gwen,
  having,
  liveOf,
  minutesAfterNoon,
  noon,
  observe,
  phaseOf,
  policy,
  reading,
  start,
  totals,
} from '#test/support/builders.ts';

const entered = (plan = aPlan()) => having(aService(), [start({ plan }), noon], [approve(0), noon]);
const rollback = (about: object = {}): ServiceIntent => ({
  to: 'rollback',
  by: chidi,
  reason: 'users complain',
  ...about,
});
const trafficAt = (stable: string, candidate = '', weightPercent = 0): ServiceIntent => ({
  to: 'confirm_traffic',
  by: policy,
  applied: { stable, candidate, weightPercent },
});

/** The candidate fails every second request. */
function failing(service: Service, minutes: number): Service {
  let state = service;
  for (let minute = 1; minute <= minutes; minute += 1) {
    const at = minutesAfterNoon(minute);
    const seen = reading(at, totals(minute * 30, minute * 15), totals(minute * 2_970, minute * 30));
    if (!state.live || !['progressing', 'paused'].includes(state.live.phase)) return state;
    state = having(state, [observe(seen, { history: [] }), at]);
  }
  return state;
}

const recovered = (service: Service): Service => {
  let state = having(service, [trafficAt('2.3.3'), minutesAfterNoon(10)]);
  for (let minute = 11; minute <= 45; minute += 1) {
    const at = minutesAfterNoon(minute);
    const seen = reading(at, totals(90, 45), totals(minute * 3_000, minute * 30));
    if (state.live?.phase !== 'recovering') return state;
    state = having(state, [observe(seen, { history: [] }), at]);
  }
  return state;
};

describe('a rollback', () => {
  test('by anyone who is a full member takes all traffic back and locks the candidate', () => {
    const decision = decideService(entered(), rollback(), noon);
    expect(decision).toMatchObject({
      ok: true,
      value: {
        next: { stable: '2.3.3', locks: [{ version: '2.4.0', release: 12 }] },
        audit: { action: 'rollback', from: '2.4.0', to: '2.3.3', switchStatus: 'owed' },
        owes: [{ sync: 'traffic' }, { tell: 'alert' }, { sync: 'escalation' }, { sync: 'card' }],
      },
    });
    const service = having(entered(), [rollback(), noon]);
    expect(weightOf(liveOf(service))).toBe(0);
    const byGuest = decideService(entered(), rollback({ by: gwen }), noon);
    expect(byGuest).toMatchObject({ refusal: { code: 'not_a_member' } });
  });

  test('works for somebody whom nobody could look up', () => {
    const unreadable = { ...chidi, membership: 'unknown' as const, fresh: false };
    expect(decideService(entered(), rollback({ by: unreadable }), noon).ok).toBe(true);
  });

  test('happens by itself when the candidate fails', () => {
    const service = failing(entered(), 10);
    expect(liveOf(service)).toMatchObject({ phase: 'rolling_back', by: policy.actor });
    const { reason } = liveOf(service) as { reason: string };
    expect(reason).toMatch(/50(\.0)? ?%/);
  });

  test('happens while paused just the same', () => {
    const paused = having(entered(), [{ to: 'pause', by: chidi, reason: 'lunch' }, noon]);
    expect(liveOf(failing(paused, 10)).phase).toBe('rolling_back');
  });

  test('asks first in mode ask, and acts by itself when nobody answers', () => {
    const plan = aPlan({ rollback: { ...aPlan().rollback, mode: 'ask' } });
    const asked = failing(entered(plan), 6);
    expect(liveOf(asked)).toMatchObject({ phase: 'progressing', incident: {} });
    expect(liveOf(failing(asked, 20)).phase).toBe('rolling_back');
  });

  test('does not wait an hour longer in mode ask when the clock is set back', () => {
    const plan = aPlan({ rollback: { ...aPlan().rollback, mode: 'ask' } });
    const asked = failing(entered(plan), 6);
    const setBack = minutesAfterNoon(-55);
    const seen = reading(minutesAfterNoon(7), totals(210, 105), totals(20_790, 210));
    const after = having(asked, [observe(seen, { history: [] }), setBack]);
    expect(liveOf(after).phase).toBe('rolling_back');
  });

  test('is verified before it is over: traffic read back, then a healthy stability window', () => {
    const service = having(entered(), [rollback(), noon]);
    expect(liveOf(service).phase).toBe('rolling_back');
    const back = having(service, [trafficAt('2.3.3'), minutesAfterNoon(1)]);
    expect(liveOf(back).phase).toBe('recovering');
    const over = recovered(service);
    expect(phaseOf(over)).toBe('rolled_back');
    expect(liveOf(over).incident).toHaveProperty('closedAt');
  });

  test('begins its stability window anew after a time in which nobody looked', () => {
    let service = having(entered(), [rollback(), noon], [trafficAt('2.3.3'), noon]);
    const look = (minute: number) => {
      const at = minutesAfterNoon(minute);
      const seen = reading(at, totals(90), totals(minute * 3_000, minute * 30));
      service = having(service, [observe(seen, { history: [] }), at]);
      return liveOf(service);
    };
    for (const minute of [1, 2, 3]) look(minute);
    // Two intervals may pass, as when a poll is late; eight hours asleep are no passes.
    expect(look(5)).toMatchObject({ healthySince: minutesAfterNoon(2) });
    expect(look(485)).toMatchObject({ phase: 'recovering', healthySince: minutesAfterNoon(485) });
    for (let minute = 486; minute < 515; minute += 1) expect(look(minute).phase).toBe('recovering');
    expect(look(515).phase).toBe('rolled_back');
  });

  test('is verified by looks as rare as a reload has made them', () => {
    let service = having(entered(), [rollback(), noon], [trafficAt('2.3.3'), noon]);
    const look = (minute: number, lookMs: number) => {
      const at = minutesAfterNoon(minute);
      const seen = reading(at, totals(90), totals(minute * 3_000, minute * 30));
      service = having(service, [observe(seen, { history: [], lookMs }), at]);
      return liveOf(service);
    };
    for (const minute of [1, 2, 3]) look(minute, MINUTE_MS);
    expect(look(13, 10 * MINUTE_MS)).toMatchObject({ healthySince: minutesAfterNoon(2) });
    expect(look(23, 10 * MINUTE_MS).phase).toBe('recovering');
    expect(look(33, 10 * MINUTE_MS).phase).toBe('rolled_back');
  });

  test('never counts missing data as recovery', () => {
    let service = having(entered(), [rollback(), noon], [trafficAt('2.3.3'), noon]);
    for (let minute = 1; minute <= 120; minute += 1) {
      const blind = observe({ says: 'unknown', reason: 'source_down', detail: '' });
      service = having(service, [blind, minutesAfterNoon(minute)]);
    }
    expect(liveOf(service)).toMatchObject({ phase: 'recovering', notRecoveringTold: true });
  });

  test('whose recovery nothing can show is ended by an operator, who says why', () => {
    const service = having(entered(), [rollback(), noon], [trafficAt('2.3.3'), noon]);
    const end = (about: object): ServiceIntent => ({
      to: 'abort',
      by: ana,
      reason: 'staging has no traffic',
      ...about,
    });
    const refusal = (about: object) => decideService(service, end(about), minutesAfterNoon(90));
    expect(refusal({ by: chidi })).toMatchObject({ refusal: { code: 'role_needed' } });
    expect(refusal({ reason: '' })).toMatchObject({ refusal: { code: 'reason_missing' } });
    const over = having(service, [end({}), minutesAfterNoon(90)]);
    expect(liveOf(over)).toMatchObject({
      phase: 'rolled_back',
      unverified: { by: ana.actor, reason: 'staging has no traffic' },
      incident: { closedAt: minutesAfterNoon(90) },
    });
  });

  test('throws the kill switches that the plan names', () => {
    const plan = aPlan({ rollback: { ...aPlan().rollback, kill: ['writes'] } });
    expect(decideService(entered(plan), rollback(), noon)).toMatchObject({
      value: {
        owes: expect.arrayContaining([{ throw: 'killswitch', name: 'writes', release: 12 }]),
      },
    });
  });

  test('leaves a proposal alone: it has no traffic, so it is aborted', () => {
    const proposed = having(aService({ former: [] }), [start(), noon]);
    const refused = decideService(proposed, rollback(), noon);
    expect(refused).toMatchObject({ refusal: { code: 'no_former_stable' } });
  });
});

describe('a locked version', () => {
  const locked = () => recovered(having(entered(), [rollback(), noon]));
  const { live: _, ...withoutLive } = locked();

  test('cannot be proposed until a named person unlocks it with a reason', () => {
    const again = decideService(withoutLive, start(), minutesAfterNoon(60));
    expect(again).toMatchObject({ refusal: { code: 'version_locked' } });
    const unlock = (about: object): ServiceIntent => ({
      to: 'unlock',
      by: ana,
      version: '2.4.0',
      reason: 'a false alarm: the probe was broken',
      ...about,
    });
    const at = minutesAfterNoon(61);
    const refusal = (about: object) => decideService(withoutLive, unlock(about), at);
    expect(refusal({ by: chidi })).toMatchObject({ refusal: { code: 'role_needed' } });
    expect(refusal({ reason: '' })).toMatchObject({ refusal: { code: 'reason_missing' } });
    expect(refusal({ version: '2.9.9' })).toMatchObject({
      refusal: { code: 'not_locked', locked: ['2.4.0'] },
    });
    const unlocked = having(withoutLive, [unlock({}), at]);
    expect(decideService(unlocked, start(), minutesAfterNoon(62)).ok).toBe(true);
  });
});

describe('after completion', () => {
  /** One step, already entered and completed by two people's judgement of nothing: quick to tell. */
  const completed = (): Service => {
    const plan = aPlan({ steps: [{ weightPercent: 100, dwellMs: 0, approval: true }] });
    let service = having(aService(), [start({ plan }), noon], [approve(0), noon]);
    for (let minute = 1; minute <= 30 && service.live; minute += 1) {
      const at = minutesAfterNoon(minute);
      const seen = reading(at, totals(minute * 3_000, minute * 30), totals(0));
      service = having(service, [observe(seen, { history: [] }), at]);
    }
    return service;
  };

  test('the candidate is stable and watched, and the old stable is one step away', () => {
    const service = completed();
    expect(service).toMatchObject({ stable: '2.4.0', former: ['2.3.3', '2.3.2'] });
    expect(phaseOf(service)).toBe('completed');
  });

  test('a rollback without a release in progress goes to the previous stable version', () => {
    const back = having(completed(), [rollback(), minutesAfterNoon(60)]);
    expect(back).toMatchObject({
      stable: '2.3.3',
      former: ['2.3.2'],
      locks: [{ version: '2.4.0' }],
      live: { phase: 'rolling_back', from: '2.4.0', to: '2.3.3' },
    });
  });

  test('or to a former one that is named, and to no other', () => {
    const back = having(completed(), [rollback({ version: '2.3.2' }), minutesAfterNoon(60)]);
    expect(back).toMatchObject({ stable: '2.3.2', former: [] });
    const nowhere = decideService(completed(), rollback({ version: '1.0.0' }), noon);
    expect(nowhere).toMatchObject({
      refusal: { code: 'not_a_former_stable', former: ['2.3.3', '2.3.2'] },
    });
  });

  test('while the candidate has a share, the version it came from is a place to go back to', () => {
    const serving = having(aService({ former: [] }), [start(), noon], [approve(0), noon]);
    const wrong = decideService(serving, rollback({ version: '9.9.9' }), minutesAfterNoon(1));
    expect(wrong).toMatchObject({ refusal: { code: 'not_a_former_stable', former: ['2.3.3'] } });
    const back = having(serving, [rollback({ version: '2.3.3' }), minutesAfterNoon(1)]);
    expect(back.live).toMatchObject({ phase: 'rolling_back', to: '2.3.3' });
  });

  test('an open proposal does not stand in its way and is aborted', () => {
    const { crowned, ...service } = completed();
    const next = having({ ...service, ...(crowned && { crowned }), nextReleaseId: 13 }, [
      start({ candidate: '2.5.0' }),
      minutesAfterNoon(50),
    ]);
    const back = having(next, [rollback(), minutesAfterNoon(60)]);
    expect(back).toMatchObject({
      stable: '2.3.3',
      live: { phase: 'rolling_back', facts: { id: 12 } },
      ended: { phase: 'aborted', facts: { id: 13 } },
    });
  });

  test('an absolute breach in the watch asks people and does not act by itself', () => {
    let service = completed();
    for (let minute = 31; minute <= 60; minute += 1) {
      const at = minutesAfterNoon(minute);
      const seen = reading(at, totals(minute * 3_000, 900 + (minute - 30) * 600), totals(0));
      service = having(service, [observe(seen, { history: [] }), at]);
    }
    expect(phaseOf(service)).toBe('completed');
    expect(service.crowned?.incident).toMatchObject({ openedAt: expect.any(Number) });
    const seen: ServiceIntent = { to: 'acknowledge', by: bo, release: 12 };
    const acknowledged = having(service, [seen, minutesAfterNoon(61)]);
    expect(acknowledged.crowned?.incident).toMatchObject({ acknowledgedBy: bo.actor });
    expect(decideService(acknowledged, seen, minutesAfterNoon(62))).toMatchObject({
      refusal: { code: 'already_decided' },
    });
  });
});
