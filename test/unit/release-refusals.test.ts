/** Why not: each refusal with everything that its sentence is made of. */
import { describe, expect, test } from 'vitest';
import { decideService } from '#domain/decide-service.ts';
import type { Refusal } from '#domain/refusal.ts';
import type { Service, ServiceIntent } from '#domain/service.ts';
import { MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import {
  ana,
  aPlan,
  approve,
  aService,
  bo,
  chidi,
  minutesAfterNoon,
  noon,
  observe,
  sam,
  start,
} from '#test/support/builders.ts';
import { releaseStory } from '#test/support/release-story.ts';

type Story = ReturnType<typeof releaseStory>;

const steps = [10, 50, 100].map((weightPercent) => ({
  ...{ weightPercent, approval: true },
  dwellMs: 2 * MINUTE_MS,
}));
const proposed = (service = aService()) =>
  releaseStory(service).at(0, start({ plan: aPlan({ steps }) }));
const entered = (service?: Service) => proposed(service).at(0, approve(0));
const asked = (service?: Service) => entered(service).watchedUntil(60);
const thin = () => entered().watchedUntil(8, { requests: 10 });
const blind = observe({ says: 'unknown', reason: 'source_down', detail: '' });
const promote: ServiceIntent = { to: 'promote', by: ana };
const seen = { to: 'acknowledge', by: chidi, release: 12 } as const;
const rollback = (version?: string): ServiceIntent => ({
  ...{ to: 'rollback', by: chidi, reason: 'users complain' },
  ...(version !== undefined && { version }),
});
const pause: ServiceIntent = { to: 'pause', by: chidi, reason: 'lunch' };
const resume: ServiceIntent = { to: 'resume', by: ana, reason: 'back' };
const unlock = (version: string): ServiceIntent => ({
  to: 'unlock',
  by: ana,
  version,
  reason: 'ok',
});
const lockOn = (version: string) => ({
  ...{ version, release: 3, reason: 'errors', by: chidi.actor, at: noon },
});
const completed = () =>
  releaseStory(aService({ former: [] }))
    .at(0, start({ plan: aPlan({ steps: steps.slice(2) }) }))
    .at(0, approve(0))
    .watchedUntil(120)
    .service();
const author = { kind: 'git', id: 'bo@example.com' } as const;
const { stable: _, ...unknownStable } = aService();

describe('is refused, and says', () => {
  test.each<[string, () => Story, number, ServiceIntent, Refusal]>([
    [
      'a yes after the first one',
      entered,
      1,
      approve(0, { by: sam }),
      { code: 'already_decided', by: bo.actor, decision: 'approved' },
    ],
    [
      'a yes to a step of before, while the next one is asked',
      asked,
      61,
      approve(0, { by: sam }),
      { code: 'already_decided', by: bo.actor, decision: 'approved' },
    ],
    [
      'a way back to what was locked and never stable',
      () => entered().at(1, rollback()).trafficIsBack(),
      2,
      rollback('2.4.0'),
      { code: 'not_a_former_stable', version: '2.4.0', former: ['2.3.2'] },
    ],
    [
      'a way back where every former version is locked',
      () => releaseStory({ ...completed(), locks: [lockOn('2.3.3')] }),
      300,
      rollback(),
      { code: 'no_former_stable', service: 'support-agent' },
    ],
    [
      'the same while the next version is on its way',
      () =>
        releaseStory({ ...completed(), nextReleaseId: 13, locks: [lockOn('2.3.3')] })
          .at(300, start({ candidate: '2.5.0' }))
          .at(301, approve(0, { release: 13 })),
      302,
      { ...rollback(), release: 12 } as ServiceIntent,
      { code: 'no_former_stable', service: 'support-agent' },
    ],
    ['a yes that nobody asked for', entered, 1, approve(1), { code: 'nothing_asked' }],
    [
      'a no that nobody asked for',
      entered,
      1,
      { to: 'decline', by: bo, release: 12, reason: '' },
      { code: 'nothing_asked' },
    ],
    [
      'a yes to one’s own request',
      proposed,
      1,
      approve(0, { by: { ...sam, actor: ana.actor } }),
      { code: 'needs_second_person', excluded: ana.actor },
    ],
    [
      'a yes to one’s own plan',
      () => proposed(aService({ authors: [author] })),
      1,
      approve(0, { by: { ...bo, knownAs: ['bo@example.com'] } }),
      { code: 'needs_second_person', excluded: author },
    ],
    ['a yes on a verdict of long ago', asked, 64, approve(1), { code: 'not_allowed_yet' }],
    ['a yes before the verdict was given', asked, 2, approve(1), { code: 'not_allowed_yet' }],
    ['what was asked already', asked, 60, promote, { code: 'already_asked', step: 1 }],
    ['what comes too early', entered, 0.5, promote, { code: 'too_early', waitMs: 90 * SECOND_MS }],
    ['what no verdict was given for', entered, 3, promote, { code: 'not_allowed_yet' }],
    [
      'what was said before a pause',
      () => asked().at(60.1, pause).at(60.2, resume),
      63,
      promote,
      { code: 'not_allowed_yet' },
    ],
    [
      'an alert seen a second time',
      () =>
        entered()
          .at(1, rollback())
          .at(2, { ...seen, by: ana }),
      3,
      seen,
      { code: 'already_decided', by: ana.actor, decision: 'acknowledged' },
    ],
    ['an alert where there is none', entered, 1, seen, { code: 'nothing_to_acknowledge' }],
    [
      'a way back from nothing',
      () => releaseStory(),
      1,
      rollback(),
      { code: 'no_former_stable', service: 'support-agent' },
    ],
    [
      'a way back to what was never stable',
      entered,
      1,
      rollback('1.0.0'),
      { code: 'not_a_former_stable', version: '1.0.0', former: ['2.3.3', '2.3.2'] },
    ],
    [
      'a release that is not this one',
      entered,
      1,
      { ...promote, release: 11 },
      { code: 'plan_changed' },
    ],
    [
      'a word to no release',
      () => releaseStory(),
      1,
      promote,
      { code: 'no_release', service: 'support-agent' },
    ],
    [
      'what the phase does not know',
      () => entered().at(1, pause),
      2,
      promote,
      { code: 'wrong_phase', phase: 'paused', intent: 'promote' },
    ],
    [
      'a version that is not locked',
      () => entered().at(1, rollback()),
      2,
      unlock('2.3.2'),
      { code: 'not_locked', version: '2.3.2', locked: ['2.4.0'] },
    ],
    [
      'a version that was unlocked',
      () => entered().at(1, rollback()).at(2, unlock('2.4.0')),
      3,
      unlock('2.4.0'),
      { code: 'not_locked', version: '2.4.0', locked: [] },
    ],
    [
      'a plan without steps',
      () => releaseStory(),
      0,
      start({ plan: aPlan({ steps: [] }) }),
      { code: 'bad_plan', problem: 'it has no steps' },
    ],
    [
      'a start with nothing to go back to',
      () => releaseStory(unknownStable),
      0,
      start(),
      { code: 'no_stable', service: 'support-agent' },
    ],
    [
      'a start of what is served',
      () => releaseStory(),
      0,
      start({ candidate: '2.3.3' }),
      { code: 'already_stable', version: '2.3.3' },
    ],
    [
      'a start beside another one',
      entered,
      1,
      start({ candidate: '2.5.0' }),
      { code: 'release_in_progress', release: 12, candidate: '2.4.0' },
    ],
    [
      'a start of what cannot be a version',
      () => releaseStory(),
      0,
      start({ candidate: 'a b' }),
      { code: 'bad_version', version: 'a b' },
    ],
    [
      'a start for what is archived',
      () => releaseStory(aService({ archived: true })),
      0,
      start(),
      { code: 'service_archived', service: 'support-agent' },
    ],
  ])('%s', (_name, story, minute, intent, refusal) => {
    expect(decideService(story().service(), intent, minutesAfterNoon(minute))).toEqual({
      ok: false,
      refusal,
    });
  });

  test('with the verdict that stands against it', () => {
    const story = thin().at(9, blind);
    const { verdict } = story.release();
    expect(verdict).toMatchObject({ reason: 'no_data' });
    expect(decideService(story.service(), promote, minutesAfterNoon(9))).toEqual({
      ok: false,
      refusal: { code: 'not_allowed_yet', verdict },
    });
  });

  test('what two people were to judge, once there is nothing left to judge', () => {
    const story = thin()
      .at(8, { ...promote, by: ana })
      .at(9, blind);
    const { verdict } = story.release();
    expect(decideService(story.service(), approve(1), minutesAfterNoon(9))).toEqual({
      ok: false,
      refusal: { code: 'not_allowed_yet', verdict },
    });
  });

  test('what the evidence allows, when it has turned thin before the yes', () => {
    const story = asked().watchedUntil(61);
    const { live } = story.service();
    const service = { ...story.service(), live: { ...live, verdict: thin().release().verdict } };
    expect(decideService(service as Service, approve(1), minutesAfterNoon(61))).toMatchObject({
      refusal: { code: 'not_allowed_yet', verdict: { reason: 'not_enough_evidence' } },
    });
  });
});

describe('a verdict is fresh for three polls and half a minute', () => {
  const given = asked().release().verdictAt ?? noon;
  test.each([
    [0, true],
    [3.5 * MINUTE_MS, true],
    [3.5 * MINUTE_MS + 1, false],
    [-1, false],
  ])('%i ms later', (laterMs, isFresh) => {
    const at = (given + laterMs) as typeof given;
    expect(decideService(asked().service(), approve(1), at).ok).toBe(isFresh);
  });
});
