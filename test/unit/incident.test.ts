import { describe, expect, test } from 'vitest';
import { trusted } from '#domain/actor.ts';
import { bucketOf, murmur3 } from '#domain/bucketing.ts';
import { decideService } from '#domain/decide-service.ts';
import { isSamePerson, nameOf, otherNamesOf } from '#domain/identity.ts';
import { isUnseen } from '#domain/incident.ts';
import { needsFreshRoles } from '#domain/permission.ts';
import { assert } from '#domain/result.ts';
import { currentRelease, type ServiceIntent } from '#domain/service.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import {
  ana,
  aPlan,
  approve,
  bo,
  chidi,
  minutesAfterNoon,
  policy,
  start,
} from '#test/support/builders.ts';
import { releaseStory } from '#test/support/release-story.ts';

const entered = () => releaseStory().at(0, start()).at(0.2, approve(0));
const failed = () => entered().watchedUntil(30, { bad: 0.5 });
const byHand = () => entered().at(1, { to: 'rollback', by: chidi, reason: 'users complain' });
const seen: ServiceIntent = { to: 'acknowledge', by: bo, release: 12 };
const escalate: ServiceIntent = {
  ...{ to: 'escalate', by: policy, release: 12 },
  ...{ waitedMs: 5 * MINUTE_MS, paged: true },
};
const steps = [{ weightPercent: 100, dwellMs: 0, approval: false }];
const watched = () =>
  releaseStory()
    .at(0, start({ plan: aPlan({ unattendedFull: true, watchMs: 48 * HOUR_MS, steps }) }))
    .watchedUntil(20);

describe('an alert', () => {
  test.each([
    ['of the policy’s own rollback is unseen', failed, true],
    ['is seen once somebody says so', () => failed().at(31, seen), false],
    ['is told to the second channel only once', () => failed().at(31, escalate), false],
    ['of a rollback by hand is known to whoever did it', byHand, false],
    [
      'of a broken guard after completion is unseen',
      () => watched().watchedUntil(25, { bad: 0.3 }),
      true,
    ],
    ['is none before anything happened', entered, false],
  ])('%s', (_, story, unseen) => {
    expect(isUnseen(story().release())).toBe(unseen);
  });

  test('that is closed wants nobody any more', () => {
    const incident = { openedAt: minutesAfterNoon(1), closedAt: minutesAfterNoon(2) };
    expect(isUnseen({ ...failed().release(), incident })).toBe(false);
  });

  test('that somebody saw in time, or of another release, goes no further', () => {
    for (const story of [failed().at(31, seen), byHand(), entered()]) {
      const service = story.service();
      const decision = decideService(service, escalate, minutesAfterNoon(40));
      expect(decision).toEqual({ ok: true, value: { next: service, owes: [] } });
    }
    const service = failed().service();
    const other = { ...escalate, release: 11 };
    expect(decideService(service, other, minutesAfterNoon(40))).toMatchObject({
      value: { owes: [] },
    });
  });

  test('of the watched version is found beside the next proposal', () => {
    const story = watched().watchedUntil(25, { bad: 0.3 });
    const beside = releaseStory({ ...story.service(), nextReleaseId: 13 }).at(
      26,
      start({ candidate: '2.5.0' }),
    );
    const decision = decideService(beside.service(), escalate, minutesAfterNoon(40));
    expect(decision).toMatchObject({
      value: {
        next: {
          live: { facts: { id: 13 } },
          crowned: { incident: { escalatedAt: minutesAfterNoon(40) } },
        },
        owes: [{ alert: { what: 'unseen' } }],
      },
    });
  });
});

describe('people', () => {
  test('are the same under each of their names, however they are written', () => {
    const token = { kind: 'token', id: 'CI' } as const;
    expect(nameOf(token)).toBe('token:ci');
    expect(nameOf({ kind: 'git', id: 'Bo@Example.com' })).toBe('bo@example.com');
    const identities = [['U0BO', 'token:ci'], ['U0ANA']];
    expect(otherNamesOf(identities, bo.actor)).toEqual(['u0bo', 'token:ci']);
    expect(isSamePerson({ ...bo, knownAs: ['u0bo', 'token:ci'] }, token)).toBe(true);
    expect(isSamePerson(bo, token)).toBe(false);
    // A build pipeline that is named like somebody is not that person.
    expect(isSamePerson(bo, { kind: 'token', id: bo.actor.id })).toBe(false);
    expect(isSamePerson(bo, ana.actor)).toBe(false);
  });

  test('need roles that were read just now for what lets more through, and for nothing else', () => {
    expect(needsFreshRoles('approve')).toBe(true);
    expect(needsFreshRoles('rollback')).toBe(false);
  });

  test('are told where a trusted hand came from, if it came from anywhere', () => {
    expect(trusted(policy.actor)).toEqual({
      ...{ actor: policy.actor, membership: 'full', operator: true, approver: false, fresh: true },
    });
    const origin = { via: 'slack', team: 'T0TEAM' } as const;
    expect(trusted(policy.actor, origin)).toMatchObject({ origin });
  });
});

test('a word without a number is about the release on its way, or else the watched one', () => {
  const story = watched();
  expect(currentRelease(story.service())?.facts.id).toBe(12);
  const next = releaseStory({ ...story.service(), nextReleaseId: 13 });
  expect(currentRelease(next.at(21, start({ candidate: '2.5.0' })).service())?.facts.id).toBe(13);
});

test('a long key is drawn like a short one', () => {
  const hashOf = (text: string) => murmur3(new TextEncoder().encode(text));
  for (const length of [10, 1_300, 1_365, 1_366, 5_000]) {
    const hash = hashOf(`beta:${'é'.repeat(length)}`);
    const bucket = (hash % 100) * 100 + (Math.floor(hash / 100) % 100);
    expect(bucketOf('beta', 'é'.repeat(length))).toBe(bucket);
  }
});

test('a broken invariant throws and says which', () => {
  expect(() => assert(undefined, 'there is a place')).toThrow('Broken invariant: there is a place');
  expect(() => assert(1, 'there is a place')).not.toThrow();
});
