/** What people hear when nothing is known of a release, and when nobody's requests succeed. */
import { describe, expect, test } from 'vitest';
import { decideService } from '#domain/decide-service.ts';
import type { Effect, ThreadNotice } from '#domain/effect.ts';
import type { Reading } from '#domain/evidence.ts';
import type { Service, ServiceIntent } from '#domain/service.ts';
import { MINUTE_MS } from '#domain/time.ts';
import {
  aPlan,
  approve,
  aService,
  chidi,
  having,
  liveOf,
  minutesAfterNoon,
  noon,
  observe,
  reading,
  start,
  totals,
} from '#test/support/builders.ts';

type Seen = (minute: number) => Reading;
const silent: Seen = () => ({ says: 'unknown', reason: 'source_down', detail: 'refused' });
const counted: Seen = (minute) =>
  reading(minutesAfterNoon(minute), totals(minute * 30), totals(minute * 2_970));
const failing: Seen = (minute) =>
  reading(
    minutesAfterNoon(minute),
    totals(minute * 30, minute * 30),
    totals(minute * 2_970, minute * 2_970),
  );

/** At its first step since noon; polls once a minute from then on. */
function serving(plan = aPlan()) {
  let service: Service = having(aService(), [start({ plan }), noon], [approve(0), noon]);
  let minute = 0;
  const owed: Effect[] = [];
  const decide = (intent: ServiceIntent) => {
    const decision = decideService(service, intent, minutesAfterNoon(minute));
    if (!decision.ok) throw new Error(decision.refusal.code);
    service = decision.value.next;
    owed.push(...decision.value.owes);
  };
  const told = () => owed.flatMap((one) => ('notice' in one ? [one.notice as ThreadNotice] : []));
  const story = {
    told: (...what: readonly ThreadNotice['what'][]) =>
      told().filter((notice) => what.includes(notice.what)),
    live: () => liveOf(service),
    polls: (until: number, seen: Seen) => {
      for (minute += 1; minute <= until; minute += 1)
        decide(observe(seen(minute), { history: [] }));
      minute = until;
      return story;
    },
    pauses: () => {
      decide({ to: 'pause', by: chidi, reason: 'lunch' });
      return story;
    },
  };
  return story;
}

describe('a release of which nothing is known', () => {
  test('is told once after ten minutes, and once more when data is back', () => {
    const story = serving().polls(5, counted).polls(15, silent);
    expect(story.told('unknown_too_long')).toEqual([]);
    story.polls(40, silent);
    expect(story.told('unknown_too_long')).toMatchObject([{ unknownMs: 10 * MINUTE_MS }]);
    story.polls(43, counted);
    expect(story.told('known_again')).toMatchObject([{ unknownMs: 35 * MINUTE_MS }]);
    expect(story.live()).not.toHaveProperty('unknown');
    expect(story.polls(60, silent).told('unknown_too_long')).toHaveLength(2);
  });

  test('is not told about when that is short', () => {
    const story = serving().polls(5, counted).polls(12, silent).polls(14, counted);
    expect(story.told('unknown_too_long', 'known_again')).toEqual([]);
  });

  test('is told once though it is paused meanwhile', () => {
    const story = serving().polls(5, counted).polls(20, silent).pauses().polls(40, silent);
    expect(story.told('unknown_too_long')).toHaveLength(1);
  });
});

describe('a plan that goes back for want of data', () => {
  const planOf = (weightPercent: number) =>
    aPlan({
      steps: [weightPercent, 100].map((weight) => ({
        ...{ weightPercent: weight, dwellMs: 60 * MINUTE_MS, approval: true },
      })),
      rollback: { ...aPlan().rollback, noData: 'roll_back', mode: 'ask' },
    });

  test('does so after ten minutes, and says why in one place', () => {
    const story = serving(planOf(50)).polls(5, counted).polls(15, silent);
    expect(story.live().phase).toBe('progressing');
    story.polls(16, silent);
    expect(story.live()).toMatchObject({
      phase: 'rolling_back',
      by: { kind: 'policy' },
      reason: 'No data for 10 min, and the plan goes back then.',
    });
    expect(story.told('unknown_too_long')).toEqual([]);
  });

  test('does so while it is paused, since its traffic goes on', () => {
    const story = serving(planOf(50)).polls(5, counted).pauses().polls(16, silent);
    expect(story.live().phase).toBe('rolling_back');
  });

  test('leaves it to people once most users have the candidate', () => {
    const story = serving(planOf(51)).polls(5, counted).polls(30, silent);
    expect(story.live().phase).toBe('progressing');
    expect(story.told('unknown_too_long')).toHaveLength(1);
  });

  test('begins to count anew when data was there meanwhile', () => {
    const story = serving(planOf(50)).polls(5, counted).polls(14, silent).polls(16, counted);
    expect(story.polls(26, silent).live().phase).toBe('progressing');
    expect(story.polls(27, silent).live().phase).toBe('rolling_back');
  });
});

test('that everything fails in both arms is an incident: held, and told once', () => {
  const guards = [{ name: 'error_rate', versusStable: { margin: 0 } }] as const;
  const story = serving(aPlan({ guards })).polls(5, counted).polls(20, failing);
  expect(story.live()).toMatchObject({
    phase: 'progressing',
    verdict: { says: 'hold', reason: 'suspicion', because: 'both_failed' },
  });
  const isIncident = (notice: ThreadNotice) =>
    notice.what === 'verdict_changed' && notice.verdict.because === 'both_failed';
  expect(story.told('verdict_changed').filter(isIncident)).toHaveLength(1);
});
