/** How the watch of a new stable version ends. */
import { describe, expect, test } from 'vitest';
import { HOUR_MS } from '#domain/time.ts';
import { aPlan, approve, aService, bo, start } from '#test/support/builders.ts';
import { releaseStory } from '#test/support/release-story.ts';

const steps = [{ weightPercent: 100, dwellMs: HOUR_MS, approval: false }];
const plan = aPlan({ unattendedFull: true, watchMs: HOUR_MS, steps });

/** Complete after an hour, and to be watched for one more. */
const completed = () => releaseStory().at(0, start({ plan })).watchedUntil(90);
const seen = { to: 'acknowledge', by: bo, release: 12 } as const;

describe('a watch', () => {
  test('ends by itself when nothing broke', () => {
    const story = completed().watchedUntil(130);
    expect(story.release()).toMatchObject({ watchOver: true });
    expect(story.notices().at(-1)).toEqual({ what: 'watch_over' });
    expect(story.alerts()).toEqual([]);
  });

  test('goes on while a guard is broken and nobody has said that they know', () => {
    const story = completed().watchedUntil(100, { bad: 0.3 }).watchedUntil(150);
    expect(story.alerts().map(({ what }) => what)).toEqual(['watch_stop', 'watch_extended']);
    expect(story.release()).toMatchObject({ watchOver: false, incident: {} });
    expect(story.notices().at(-1)).toMatchObject({ what: 'completed' });
  });

  test('with a broken guard that somebody has seen ends, says so, and closes its alert', () => {
    const story = completed().watchedUntil(100, { bad: 0.3 }).at(105, seen).watchedUntil(130);
    const release = story.release();
    expect(release).toMatchObject({ watchOver: true, incident: { acknowledgedBy: bo.actor } });
    expect(release.incident?.closedAt).toBeDefined();
    expect(story.notices().at(-1)).toMatchObject({ what: 'watch_over', stop: { says: 'stop' } });
    expect(story.alerts().at(-1)).toEqual({ what: 'watch_over', seenBy: bo.actor });
  });

  test('ends with its alert when the next version takes its place', () => {
    const first = completed().watchedUntil(100, { bad: 0.3 }).service();
    const quick = aPlan({ steps: [{ weightPercent: 100, dwellMs: 0, approval: true }] });
    const next = releaseStory({ ...aService(), ...first, nextReleaseId: 13 })
      .at(101, start({ plan: quick, candidate: '2.5.0' }))
      .at(102, approve(0, { release: 13 }))
      .watchedUntil(106);
    expect(next.service()).toMatchObject({
      stable: '2.5.0',
      ended: { facts: { id: 12 }, watchOver: true, incident: { closedAt: expect.any(Number) } },
    });
    expect(next.owed()).toContainEqual({ sync: 'card', release: 12 });
  });
});
