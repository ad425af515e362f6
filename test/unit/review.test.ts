import { describe, expect, test } from 'vitest';
import type { Asker } from '#domain/actor.ts';
import type { AuditDraft } from '#domain/audit.ts';
import { decideKill, untouched } from '#domain/killswitch.ts';
import {
  decideReview,
  isEmergency,
  isOverdue,
  type Reviews,
  remind,
  reviewOf,
} from '#domain/review.ts';
import { HOUR_MS, later } from '#domain/time.ts';
import { ana, approve, bo, chidi, noon, policy, sam, start } from '#test/support/builders.ts';
import { releaseStory } from '#test/support/release-story.ts';

const draft = (about: Partial<AuditDraft> = {}): AuditDraft => ({
  at: noon,
  actor: chidi.actor,
  action: 'rollback',
  target: { service: 'support-agent', release: 12, version: '2.4.0' },
  from: '2.4.0',
  to: '2.3.3',
  reason: 'it promises refunds',
  outcome: 'done',
  ...about,
});
const opened = (about: Partial<AuditDraft> = {}, entry = 7) => {
  const review = reviewOf(draft(about), entry);
  if (!review) throw new Error('it opens no review');
  return review;
};
const hoursLater = (hours: number) => later(noon, hours * HOUR_MS);

describe('an emergency', () => {
  const serving = () => releaseStory().at(0, start()).at(1, approve(0)).watchedUntil(20);
  const lastOf = (story: ReturnType<typeof releaseStory>) => story.entries().at(-1);
  const isOne = (entry: AuditDraft | undefined) => entry !== undefined && isEmergency(entry);

  test('is what acted without a second person’s yes before it', () => {
    const rollback = { to: 'rollback', by: chidi, reason: 'too short' } as const;
    expect(isOne(lastOf(serving().at(21, rollback)))).toBe(true);
    const broken = serving().watchedUntil(60, { bad: 0.5 });
    expect(broken.entries().findLast(isOne)).toMatchObject({
      action: 'rollback',
      actor: policy.actor,
    });
    const ended = serving().at(21, rollback).trafficIsBack();
    ended.at(22, { to: 'abort', by: ana, reason: 'no traffic at night' });
    expect(isOne(lastOf(ended))).toBe(true);
    expect(
      isOne(lastOf(ended.at(23, { to: 'unlock', by: ana, version: '2.4.0', reason: 'ok' }))),
    ).toBe(true);
    expect(isOne(draft({ action: 'accept_register', target: {} }))).toBe(true);
  });

  test('is no step that somebody approved, no proposal that ends, and nothing that was refused', () => {
    expect(serving().entries().filter(isOne)).toEqual([]);
    const aborted = releaseStory().at(0, start()).at(1, { to: 'abort', by: ana, reason: '' });
    expect(aborted.entries().filter(isOne)).toEqual([]);
    expect(isOne(draft({ outcome: 'refused' }))).toBe(false);
    expect(isOne(draft({ action: 'kill_drill' }))).toBe(false);
  });

  test('is a kill switch that somebody throws, and not one that goes on with a rollback', () => {
    const kill = { to: 'on', by: chidi, reason: 'it deletes mail' } as const;
    const entryOf = (becauseOfRelease?: number) => {
      const why = becauseOfRelease === undefined ? {} : { becauseOfRelease };
      const decision = decideKill(untouched('writes'), { ...kill, ...why }, noon);
      return decision.ok ? decision.value.audit : undefined;
    };
    expect(isOne(entryOf())).toBe(true);
    expect(isOne(entryOf(12))).toBe(false);
  });
});

describe('a review', () => {
  const review = (by: Asker, about: { note?: string; reviews?: Reviews } = {}) => {
    const { note = 'the prompt lost a line', reviews = [opened()] } = about;
    const decision = decideReview(reviews, { entry: 7, by, note }, hoursLater(1));
    return decision.ok ? decision.value : decision.refusal;
  };

  test('is written down by somebody else, with what was found and which entry it is about', () => {
    expect(review(bo)).toMatchObject({
      next: [{ entry: 7, done: { by: bo.actor, note: 'the prompt lost a line' } }],
      audit: {
        action: 'emergency_reviewed',
        actor: bo.actor,
        target: { release: 12 },
        reason: 'the prompt lost a line',
        details: { entry: 7, action: 'rollback' },
      },
      owes: [{ tell: 'alert', release: 12, alert: { what: 'reviewed' } }],
    });
  });

  test('is refused to whoever did it, under any of their names', () => {
    const did = { reviews: [opened({ actor: ana.actor })] };
    const code = 'needs_another_reviewer';
    expect(review(ana, did)).toEqual({ code, did: ana.actor });
    expect(review({ ...sam, knownAs: ['u0ana'] }, did)).toEqual({ code, did: ana.actor });
    expect(review(sam, did)).toHaveProperty('next');
  });

  test('needs a role and something that was found, and happens once', () => {
    expect(review(chidi, { reviews: [opened({ actor: policy.actor })] })).toEqual({
      code: 'role_needed',
      needed: 'reviewer',
    });
    expect(review(bo, { note: '' })).toEqual({ code: 'reason_missing' });
    expect(review(bo, { reviews: [] })).toEqual({ code: 'nothing_to_review' });
    const done = { by: sam.actor, at: noon, note: 'seen' };
    expect(review(bo, { reviews: [{ ...opened(), done }] })).toMatchObject({
      code: 'already_decided',
      by: sam.actor,
    });
  });

  test('of what belongs to no release is told in the channel', () => {
    const target = { killswitch: 'writes' };
    expect(review(bo, { reviews: [opened({ action: 'kill_on', target })] })).toMatchObject({
      owes: [{ tell: 'channel', notice: { what: 'reviewed', note: 'the prompt lost a line' } }],
    });
    const unlock = { action: 'unlock', target: { service: 'support-agent' } };
    expect(review(bo, { reviews: [opened(unlock)] })).toMatchObject({
      owes: [{ tell: 'channel', service: 'support-agent' }],
    });
  });

  test('leaves the others as they are, and its entry says nothing that it does not know', () => {
    const other = opened({}, 8);
    expect(review(bo, { reviews: [other, opened()] })).toMatchObject({
      next: [other, { entry: 7, done: { by: bo.actor } }],
      audit: { from: '', to: '', outcome: 'done' },
    });
  });
});

describe('a reminder', () => {
  test('leaves alone what was reviewed', () => {
    const done = { ...opened({}, 8), done: { by: sam.actor, at: noon, note: 'seen' } };
    const at = hoursLater(24);
    expect(remind([opened(), done], at)).toEqual({
      next: [{ ...opened(), reminders: 1 }, done],
      owes: [{ sync: 'reviews', at }],
    });
  });

  test('comes after a day and once more after two, and names all that wait', () => {
    const five = [0, 2, 4, 6, 8].map((hour) => opened({ at: hoursLater(hour) }, hour + 1));
    const told: number[] = [];
    let reviews: Reviews = five;
    for (let hour = 8; hour <= 24 * 7; hour += 1) {
      const { next, owes } = remind(reviews, hoursLater(hour));
      if (owes.length > 0) told.push(hour);
      reviews = next;
    }
    expect(told).toEqual([24, 48]);
    expect(isOverdue(opened(), hoursLater(23))).toBe(false);
    expect(isOverdue(opened(), hoursLater(24))).toBe(true);
  });

  test('is not owed for what somebody has looked at', () => {
    const done = { by: bo.actor, at: noon, note: 'seen' };
    expect(remind([{ ...opened(), done }], hoursLater(30)).owes).toEqual([]);
  });
});
