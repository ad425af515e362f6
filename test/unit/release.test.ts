import { describe, expect, test } from 'vitest';
import { decideService } from '#domain/decide-service.ts';
import { weightOf } from '#domain/release.ts';
import { offers } from '#domain/release-rules.ts';
import type { Service, ServiceIntent } from '#domain/service.ts';
import type { Instant } from '#domain/time.ts';
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
  sam,
  start,
  totals,
} from '#test/support/builders.ts';

const refusalOf = (service: Service, intent: ServiceIntent, at: Instant = noon) => {
  const decision = decideService(service, intent, at);
  return decision.ok ? 'was done' : decision.refusal.code;
};

const proposed = () => having(aService(), [start(), noon]);
const atOnePercent = () => having(proposed(), [approve(0), noon]);

/** Healthy traffic at a weight: polls a minute apart, the totals growing steadily. */
function healthy(service: Service, from: number, minutes: number, errorRate = 0.01): Service {
  let state = service;
  for (let minute = from; minute <= from + minutes; minute += 1) {
    if (state.live?.phase !== 'progressing') return state;
    const weight = weightOf(state.live) / 100;
    seen.candidate += Math.round(3_000 * weight);
    seen.stable += Math.round(3_000 * (1 - weight));
    const at = minutesAfterNoon(minute);
    const candidate = totals(seen.candidate, Math.round(seen.candidate * errorRate));
    const stable = totals(seen.stable, Math.round(seen.stable * 0.01));
    state = having(state, [observe(reading(at, candidate, stable), { history: [] }), at]);
  }
  return state;
}
const seen = { candidate: 0, stable: 0 };

describe('a proposal', () => {
  test('waits for a second person before anybody gets the candidate', () => {
    const service = proposed();
    expect(phaseOf(service)).toBe('proposed');
    expect(weightOf(liveOf(service))).toBe(0);
    expect(offers(liveOf(service))).toEqual(['approve', 'decline', 'abort']);
  });

  test('is not approved by the person who asked for it', () => {
    const service = having(aService(), [start({ by: sam }), noon]);
    expect(refusalOf(service, approve(0, { by: sam }))).toBe('needs_second_person');
  });

  test('is approved by an approver only', () => {
    expect(refusalOf(proposed(), approve(0, { by: chidi }))).toBe('role_needed');
    expect(refusalOf(proposed(), approve(0, { by: gwen }))).toBe('not_a_member');
  });

  test('is not approved on remembered roles', () => {
    const remembered = { ...bo, fresh: false };
    expect(refusalOf(proposed(), approve(0, { by: remembered }))).toBe('roles_unreadable');
  });

  test('is bound to its plan: a button drawn for another one does nothing', () => {
    expect(refusalOf(proposed(), approve(0, { digest: 'another' }))).toBe('plan_changed');
    expect(refusalOf(proposed(), approve(0, { release: 11 }))).toBe('plan_changed');
    expect(refusalOf(proposed(), approve(1))).toBe('plan_changed');
  });

  test('tells the second of two approvers who was first', () => {
    const decision = decideService(atOnePercent(), approve(0, { by: sam }), noon);
    expect(decision).toMatchObject({
      refusal: { code: 'already_decided', by: bo.actor, decision: 'approved' },
    });
  });

  test('is declined or aborted by anyone who is a full member, and then is over', () => {
    const declined = having(proposed(), [
      { to: 'decline', by: chidi, release: 12, reason: 'not on a Friday' },
      noon,
    ]);
    expect(liveOf(declined).phase).toBe('declined');
    const aborted = having(proposed(), [{ to: 'abort', by: chidi, reason: 'wrong build' }, noon]);
    expect(liveOf(aborted).phase).toBe('aborted');
    expect(refusalOf(proposed(), { to: 'abort', by: gwen, reason: '' })).toBe('not_a_member');
  });

  test('is refused for a service that was archived, and for a plan without steps', () => {
    expect(refusalOf(aService({ archived: true }), start())).toBe('service_archived');
    expect(refusalOf(aService(), start({ plan: aPlan({ steps: [] }) }))).toBe('bad_plan');
  });

  test('is refused without a stable version to return to', () => {
    const { stable: _, ...unknown } = aService();
    expect(refusalOf(unknown, start())).toBe('no_stable');
  });

  test('is refused for the stable version, for a locked one, and beside another release', () => {
    expect(refusalOf(aService(), start({ candidate: '2.3.3' }))).toBe('already_stable');
    expect(refusalOf(proposed(), start({ candidate: '2.5.0' }))).toBe('release_in_progress');
    const lock = { version: '2.4.0', release: 3, reason: 'errors', by: policy.actor, at: noon };
    expect(refusalOf(aService({ locks: [lock] }), start())).toBe('version_locked');
    expect(refusalOf(aService(), start({ candidate: 'two words' }))).toBe('bad_version');
  });

  test('enters its first step at once when the plan asks nobody', () => {
    const plan = aPlan({ steps: [{ weightPercent: 5, dwellMs: 0, approval: false }] });
    expect(weightOf(liveOf(having(aService(), [start({ plan }), noon])))).toBe(5);
  });

  test('of a build pipeline waits for a person even where the first step asks nobody', () => {
    const plan = aPlan({ steps: [{ weightPercent: 100, dwellMs: 0, approval: false }] });
    const pipeline = { ...ana, actor: { kind: 'token', id: 'ci' } as const };
    const asked = having(aService(), [start({ plan, by: pipeline }), noon]);
    expect(liveOf(asked).phase).toBe('proposed');
  });
});

describe('a step', () => {
  test('gives the candidate its weight and owes traffic and card together', () => {
    const decision = decideService(proposed(), approve(0), noon);
    expect(decision).toMatchObject({
      ok: true,
      value: {
        audit: { action: 'approve', step: { number: 1, weightPercent: 1 }, switchStatus: 'owed' },
        owes: [{ sync: 'traffic' }, { sync: 'card' }, { tell: 'thread' }],
      },
    });
  });

  test('is followed by a request for the next one, once dwell is over and the evidence is in', () => {
    const service = healthy(atOnePercent(), 1, 70);
    expect(liveOf(service)).toMatchObject({ phase: 'progressing', step: 0, ask: { step: 1 } });
    expect(offers(liveOf(service))).toContain('approve');
    expect(weightOf(liveOf(service))).toBe(1);
  });

  test('is not left by hand before its dwell is over, nor over a hold', () => {
    const promote: ServiceIntent = { to: 'promote', by: ana };
    expect(refusalOf(atOnePercent(), promote, minutesAfterNoon(10))).toBe('too_early');
    const blind = having(atOnePercent(), [
      observe({ says: 'unknown', reason: 'source_down', detail: '' }),
      minutesAfterNoon(61),
    ]);
    expect(refusalOf(blind, promote, minutesAfterNoon(61))).toBe('not_allowed_yet');
  });

  test('may be judged on thin evidence, by two people neither of whom asked for the release', () => {
    const thin = thinEvidence(atOnePercent());
    const asked = having(thin, [{ to: 'promote', by: sam }, minutesAfterNoon(65)]);
    expect(liveOf(asked)).toMatchObject({ ask: { step: 1, judged: true } });
    const yes = (by: typeof bo) => approve(1, { by });
    expect(refusalOf(asked, yes(sam), minutesAfterNoon(65))).toBe('needs_second_person');
    const judged = having(asked, [yes(bo), minutesAfterNoon(65)]);
    expect(liveOf(judged)).toMatchObject({ step: 1, judged: true });
  });

  test('is not judged where the plan says hold', () => {
    const plan = aPlan({ onThinEvidence: 'hold' });
    const entered = having(aService(), [start({ plan }), noon], [approve(0), noon]);
    const promote: ServiceIntent = { to: 'promote', by: ana };
    expect(refusalOf(thinEvidence(entered), promote, minutesAfterNoon(65))).toBe(
      'cannot_be_judged',
    );
  });

  test('is entered without asking again as far as an approver said, but never full weight', () => {
    const service = having(proposed(), [approve(0, { upToStep: 3 }), noon]);
    let state = service;
    for (let round = 0; round < 6; round += 1) state = healthy(state, 1 + round * 70, 69);
    expect(liveOf(state)).toMatchObject({ step: 2, ask: { step: 3 } });
  });

  test('asks again only by hand after an approver said no', () => {
    const asked = healthy(atOnePercent(), 1, 70);
    const at = minutesAfterNoon(72);
    const declined = having(asked, [{ to: 'decline', by: bo, release: 12, reason: 'later' }, at]);
    const later = healthy(declined, 73, 3);
    expect(liveOf(later)).not.toHaveProperty('ask');
    const again = having(later, [{ to: 'promote', by: ana }, minutesAfterNoon(77)]);
    expect(liveOf(again)).toMatchObject({ ask: { step: 1, judged: false } });
  });
});

/** A handful of requests an hour: dwell is over, and nobody can tell anything yet. */
function thinEvidence(service: Service): Service {
  let state = service;
  for (let minute = 1; minute <= 64; minute += 1) {
    const at = minutesAfterNoon(minute);
    const seenNow = reading(at, totals(Math.floor(minute / 20)), totals(minute * 3));
    state = having(state, [observe(seenNow, { history: [] }), at]);
  }
  return state;
}

describe('pausing', () => {
  test('keeps the weight, drops what was asked and starts the dwell again', () => {
    const asked = healthy(atOnePercent(), 1, 70);
    const paused = having(asked, [
      { to: 'pause', by: chidi, reason: 'looks odd' },
      minutesAfterNoon(80),
    ]);
    expect(weightOf(liveOf(paused))).toBe(1);
    const resumed = having(paused, [{ to: 'resume', by: ana, reason: '' }, minutesAfterNoon(90)]);
    expect(liveOf(resumed)).toMatchObject({ phase: 'progressing', since: minutesAfterNoon(90) });
    expect(liveOf(resumed)).not.toHaveProperty('ask');
  });

  test('is ended by an operator', () => {
    const paused = having(atOnePercent(), [{ to: 'pause', by: chidi, reason: '' }, noon]);
    expect(refusalOf(paused, { to: 'resume', by: chidi, reason: '' })).toBe('role_needed');
  });
});
