import { describe, expect, test } from 'vitest';
import { decideService } from '#domain/decide-service.ts';
import { decideFlag, newFlag } from '#domain/flag.ts';
import type { Release } from '#domain/release.ts';
import type { Service, ServiceIntent } from '#domain/service.ts';
import { MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import {
  ana,
  aPlan,
  approve,
  aService,
  bo,
  chidi,
  having,
  liveOf,
  minutesAfterNoon,
  noon,
  observe,
  policy,
  reading,
  sam,
  start,
  totals,
} from '#test/support/builders.ts';
import { releaseStory } from '#test/support/release-story.ts';

const rollback = (about: object = {}): ServiceIntent => ({
  to: 'rollback',
  by: chidi,
  reason: 'users complain',
  ...about,
});

const trafficAt = (stable: string): ServiceIntent => ({
  to: 'confirm_traffic',
  by: policy,
  applied: { stable, candidate: '', weightPercent: 0 },
});

const promote: ServiceIntent = { to: 'promote', by: ana };

/** The store keeps what ended out of the service, and numbers the next release. */
const afterwards = ({ live: _, ...service }: Service, crowned?: Release): Service => ({
  ...service,
  ...(crowned && { crowned }),
  nextReleaseId: service.nextReleaseId + 1,
});

/** 2.4.0 has become stable after 2.3.3, as release 12. */
function completed(): Service {
  const plan = aPlan({ steps: [{ weightPercent: 100, dwellMs: 0, approval: true }] });
  let service = having(aService(), [start({ plan }), noon], [approve(0), noon]);
  for (let minute = 1; minute <= 30 && service.live; minute += 1) {
    const at = minutesAfterNoon(minute);
    const seen = reading(at, totals(minute * 3_000, minute * 30), totals(0));
    service = having(service, [observe(seen, { history: [] }), at]);
  }
  return { ...service, nextReleaseId: 13 };
}

/** The next candidate has its first share while 2.4.0 is still watched. */
const nextServing = (about: object = {}): Service =>
  having(
    completed(),
    [start({ candidate: '2.5.0', ...about }), minutesAfterNoon(40)],
    [approve(0, { release: 13 }), minutesAfterNoon(41)],
  );

/** Traffic is back, and was healthy for the whole stability window. */
function recovered(service: Service, from: number): Service {
  const to = service.stable ?? '';
  let state = having(service, [trafficAt(to), minutesAfterNoon(from)]);
  for (let minute = from + 1; state.live?.phase === 'recovering'; minute += 1) {
    const at = minutesAfterNoon(minute);
    const seen = reading(at, totals(90, 45), totals(minute * 3_000, minute * 30));
    const { id: release } = state.live.facts;
    state = having(state, [observe(seen, { release, history: [] }), at]);
  }
  return state;
}

describe('a verdict', () => {
  /** Short steps, long enough for a poll or less: allowed with a warning. */
  const short = (dwellMs: number) => {
    const steps = [10, 50, 100].map((weightPercent) => ({
      weightPercent,
      dwellMs,
      approval: true,
    }));
    return releaseStory()
      .at(0, start({ plan: aPlan({ steps }) }))
      .at(0, approve(0));
  };

  test('of one step says nothing about the next', () => {
    const story = short(30 * SECOND_MS).watchedUntil(60);
    expect(story.release()).toMatchObject({ ask: { step: 1 }, verdict: { says: 'allow' } });
    story.at(60.5, approve(1));
    const early = decideService(story.service(), promote, minutesAfterNoon(61.1));
    expect(early).toMatchObject({ refusal: { code: 'not_allowed_yet' } });
  });

  test('from before a pause says nothing about what comes after it', () => {
    const story = short(30 * SECOND_MS).watchedUntil(60);
    story.at(60.2, { to: 'pause', by: chidi, reason: 'lunch' });
    story.at(60.3, { to: 'resume', by: ana, reason: 'back' });
    const early = decideService(story.service(), promote, minutesAfterNoon(60.9));
    expect(early).toMatchObject({ refusal: { code: 'not_allowed_yet' } });
  });
});

describe('a rollback', () => {
  test('of a watched version takes the candidate that followed it along', () => {
    const at = minutesAfterNoon(50);
    const back = having(nextServing(), [rollback({ release: 12 }), at]);
    expect(decideService(nextServing(), rollback({ release: 12 }), at)).toMatchObject({
      value: { audit: { target: { release: 13 }, details: { also_ended: 12 } } },
    });
    expect(back).toMatchObject({
      stable: '2.3.3',
      locks: [{ version: '2.5.0' }, { version: '2.4.0' }],
      live: { phase: 'rolling_back', to: '2.3.3', facts: { id: 13 } },
    });
  });

  test('that two people ask for at once goes back one version, not two', () => {
    const back = having(
      nextServing(),
      [rollback(), minutesAfterNoon(50)],
      [trafficAt('2.4.0'), minutesAfterNoon(50)],
    );
    expect(liveOf(back).phase).toBe('recovering');
    for (const about of [{ by: sam }, { by: sam, release: 13 }])
      expect(decideService(back, rollback(about), minutesAfterNoon(50))).toMatchObject({
        refusal: { code: 'wrong_phase', phase: 'recovering' },
      });
    const further = having(back, [rollback({ version: '2.3.3' }), minutesAfterNoon(51)]);
    expect(further).toMatchObject({ stable: '2.3.3', live: { from: '2.4.0', to: '2.3.3' } });
  });

  test('never goes to a version that is locked', () => {
    // Somebody released 2.3.3 anew, on the way back from 2.4.0, and it was worse still.
    const again = nextServing({ candidate: '2.3.3' });
    const failed = having(again, [rollback(), minutesAfterNoon(50)]);
    const over = afterwards(recovered(failed, 51), completed().crowned);
    expect(over).toMatchObject({ stable: '2.4.0', former: ['2.3.3', '2.3.2'] });
    const at = minutesAfterNoon(200);
    expect(having(over, [rollback(), at])).toMatchObject({ stable: '2.3.2' });
    expect(decideService(over, rollback({ version: '2.3.3' }), at)).toMatchObject({
      refusal: { code: 'version_locked', version: '2.3.3' },
    });
  });

  test('never goes to where traffic is already', () => {
    const plan = aPlan({ steps: [{ weightPercent: 100, dwellMs: 0, approval: true }] });
    let service = having(
      completed(),
      [start({ candidate: '2.3.3', plan }), minutesAfterNoon(40)],
      [approve(0, { release: 13 }), minutesAfterNoon(40)],
    );
    for (let minute = 41; minute <= 80 && service.live; minute += 1) {
      const at = minutesAfterNoon(minute);
      const seen = reading(at, totals(minute * 3_000, minute * 30), totals(0));
      service = having(service, [observe(seen, { release: 13, history: [] }), at]);
    }
    expect(service).toMatchObject({ stable: '2.3.3', former: ['2.4.0', '2.3.2'] });
  });

  test('to an older version still is judged by that version alone', () => {
    const once = having(
      nextServing(),
      [rollback(), minutesAfterNoon(50)],
      [trafficAt('2.4.0'), minutesAfterNoon(50)],
    );
    const at = minutesAfterNoon(51);
    const first = reading(at, totals(10), totals(100, 1));
    const twice = having(
      once,
      [observe(first, { release: 13, history: [] }), at],
      [rollback({ version: '2.3.3' }), at],
      [trafficAt('2.3.3'), at],
    );
    // 2.3.3 has counted much in its life, but nothing since it is stable again.
    const later = minutesAfterNoon(52);
    const seen = reading(later, totals(10), totals(9_000, 9));
    const looked = having(twice, [observe(seen, { release: 13, history: [] }), later]);
    expect(liveOf(looked)).toMatchObject({ phase: 'recovering' });
    expect(liveOf(looked)).not.toHaveProperty('healthySince');
  });
});

describe('evidence', () => {
  test('begins anew for a version that was unlocked while its rollback was still verified', () => {
    const failed = having(aService(), [start(), noon], [approve(0), noon], [rollback(), noon]);
    const unlock: ServiceIntent = {
      to: 'unlock',
      by: ana,
      version: '2.4.0',
      reason: 'the probe was broken',
    };
    const over = having(recovered(failed, 1), [unlock, minutesAfterNoon(20)]);
    const { evidence } = liveOf(over);
    const endedAt = minutesAfterNoon(60);
    const again = afterwards({
      ...over,
      earlier: { release: 12, attempts: 1, endedAt, evidence },
    });
    const retried = having(again, [start(), minutesAfterNoon(61)]);
    expect(liveOf(retried)).not.toHaveProperty('earlier');
  });

  test('keeps the past of stable when the first poll cannot say anything', () => {
    const service = having(aService(), [start(), noon], [approve(0), noon]);
    const blind = observe({ says: 'unknown', reason: 'timeout', detail: '' });
    const [first, second] = [minutesAfterNoon(1), minutesAfterNoon(2)];
    const seen = reading(second, totals(30), totals(3_000, 30));
    const history = Array.from({ length: 20 }, () => totals(3_000, 30));
    const looked = having(service, [blind, first], [observe(seen, { history }), second]);
    expect(liveOf(looked).evidence?.traffic.requests).toBe(60_000);
  });
});

describe('approvals', () => {
  test('given for several steps are void once somebody declines', () => {
    const steps = [1, 10, 50, 100].map((weightPercent) => ({
      weightPercent,
      dwellMs: 2 * MINUTE_MS,
      approval: true,
    }));
    const story = releaseStory()
      .at(0, start({ plan: aPlan({ steps }) }))
      .at(0, approve(0, { upToStep: 2 }))
      .watchedUntil(3, { requests: 300 });
    expect(story.release()).toMatchObject({ grantedUpTo: 2, step: 0, verdict: { says: 'hold' } });
    story.at(3, promote).at(4, { to: 'decline', by: bo, reason: 'not today' });
    expect(story.release()).not.toHaveProperty('grantedUpTo');
  });
});

describe('a flag', () => {
  test('that is off is not opened for its allowlist by somebody without a role', () => {
    const flag = { ...newFlag('beta'), allowed: ['user-1'] };
    const value = { state: 'percentage', percent: 0 } as const;
    const set = { to: 'set', value, approvalAbovePercent: 50 } as const;
    expect(decideFlag(flag, { ...set, by: chidi }, noon)).toMatchObject({
      refusal: { code: 'role_needed', needed: 'operator' },
    });
    expect(decideFlag(flag, { ...set, by: ana }, noon).ok).toBe(true);
  });
});
