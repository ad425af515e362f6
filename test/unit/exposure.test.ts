/** What gives agents more than they had, and is held back while the register is in doubt. */
import { describe, expect, test } from 'vitest';
import { givesFlagMore, givesServiceMore } from '#domain/exposure.ts';
import { newFlag } from '#domain/flag.ts';
import type { ServiceIntent } from '#domain/service.ts';
import { ana, aPlan, approve, aService, bo, chidi, noon, start } from '#test/support/builders.ts';
import { releaseStory } from '#test/support/release-story.ts';

const steps = [10, 100].map((weightPercent) => ({ weightPercent, dwellMs: 0, approval: true }));
const proposed = () => releaseStory().at(0, start({ plan: aPlan({ steps, watchMs: 0 }) }));
const entered = () => proposed().at(0, approve(0));
const asked = () => entered().watchedUntil(40);
const serving = () => asked().at(41, approve(1));
const pause: ServiceIntent = { to: 'pause', by: chidi, reason: 'lunch' };
const resume: ServiceIntent = { to: 'resume', by: ana, reason: 'back' };
const rollback: ServiceIntent = { to: 'rollback', by: chidi, reason: 'users complain' };
const decline: ServiceIntent = { to: 'decline', by: bo, release: 12, reason: 'no' };
const unlock: ServiceIntent = { to: 'unlock', by: ana, version: '2.4.0', reason: 'mended' };

/** Whether the last thing that happens in a story gives agents more. */
function endsWithMore(story: ReturnType<typeof releaseStory>): boolean {
  const [before = aService(), last = before] = story
    .changes()
    .map(({ change }) => change.next)
    .slice(-2);
  return story.changes().length === 1
    ? givesServiceMore(aService(), before)
    : givesServiceMore(before, last);
}

describe('a service gives agents more', () => {
  test.each([
    ['with a start', proposed, true],
    ['with its first step', entered, true],
    ['with a higher weight', serving, true],
    ['with a resumption', () => entered().at(1, pause).at(2, resume), true],
    ['with an unlocked version', () => entered().at(1, rollback).at(2, unlock), true],
    ['not with a poll', () => entered().watchedUntil(2), false],
    ['not with a request for the next step', asked, false],
    ['not with a pause', () => entered().at(1, pause), false],
    ['not with a rollback', () => entered().at(1, rollback), false],
    ['not with a no', () => proposed().at(1, decline), false],
    ['not with a no to the next step', () => asked().at(41, decline), false],
  ])('%s', (_, story, isMore) => {
    expect(endsWithMore(story())).toBe(isMore);
  });

  test('with a completion, not while it stays complete, nor when the configuration adds it', () => {
    const completed = serving().watchedUntil(80).service();
    expect(givesServiceMore(serving().service(), completed)).toBe(true);
    expect(givesServiceMore(completed, { ...completed, former: [] })).toBe(false);
    expect(givesServiceMore(undefined, completed)).toBe(false);
  });

  test('when another proposal takes the place of one that is over', () => {
    const live = proposed().service().live;
    const other = releaseStory(aService({ nextReleaseId: 13 }))
      .at(1, start())
      .service();
    expect(givesServiceMore({ ...aService(), ...(live && { live }) }, other)).toBe(true);
  });

  test('not by a version that was unlocked before', () => {
    const lock = {
      ...{ version: '2.4.0', release: 12, reason: 'errors', by: chidi.actor, at: noon },
      unlocked: { by: ana.actor, at: noon, reason: 'mended' },
    };
    const service = aService({ locks: [lock] });
    expect(givesServiceMore(service, { ...service, stable: '2.3.2' })).toBe(false);
  });
});

describe('a flag gives agents more', () => {
  const off = { ...newFlag('beta'), allowed: ['user-1'] };
  const half = { ...off, state: 'percentage' as const, percent: 50 };

  test.each([
    ['raised', half, { ...half, percent: 51 }, true],
    ['lowered', half, { ...half, percent: 49 }, false],
    ['asked to be raised', half, { ...half, requests: half.requests + 1 }, true],
    ['opened for those who are allowed', off, { ...half, percent: 0 }, true],
    ['opened for nobody', { ...off, allowed: [] }, { ...half, percent: 0, allowed: [] }, false],
    [
      'still open for those who are allowed',
      { ...half, percent: 0 },
      { ...half, percent: 0 },
      false,
    ],
    ['still off', off, off, false],
    ['allowed to one more', half, { ...half, allowed: ['user-1', 'user-2'] }, true],
    ['allowed to one less', half, { ...half, allowed: [] }, false],
    ['gone', half, { ...half, archived: true }, true],
    ['still gone', { ...half, archived: true }, { ...half, archived: true }, false],
  ])('when it is %s: %#', (_, before, next, isMore) => {
    expect(givesFlagMore(before, next)).toBe(isMore);
  });
});
