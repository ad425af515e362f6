/**
 * Whoever stops something in the night asks nobody first, and that is as it should be. So a second
 * person looks at it afterwards: each emergency waits for its review until somebody else has
 * written down what was found.
 */
import type { Actor, Asker } from '#domain/actor.ts';
import type { AuditDraft } from '#domain/audit.ts';
import type { Effect } from '#domain/effect.ts';
import { isSamePerson } from '#domain/identity.ts';
import { whyNot } from '#domain/permission.ts';
import { no, yes } from '#domain/result.ts';
import type { Change, Decision } from '#domain/service.ts';
import { DAY_MS, elapsedMs, type Instant } from '#domain/time.ts';

/** Auditors ask for a review within 24 to 48 hours. */
export const REVIEW_DUE_MS = DAY_MS;

/** What was done, as its entry in the register says it. */
export type Emergency = Pick<AuditDraft, 'at' | 'actor' | 'action' | 'target' | 'from' | 'to'> &
  Pick<AuditDraft, 'reason'>;

export type Review = {
  /** The number of its entry in the register. */
  readonly entry: number;
  readonly of: Emergency;
  /** How many reminders have named it. */
  readonly reminders: number;
  readonly done?: { readonly by: Actor; readonly at: Instant; readonly note: string };
};

/** The oldest first. */
export type Reviews = readonly Review[];

/**
 * What acted without a second person's yes before it. What two people judged had one; a proposal
 * that ends has changed nothing for anybody; a switch that goes on with a rollback is part of that.
 */
export function isEmergency({ action, target, outcome, details }: AuditDraft): boolean {
  if (outcome !== 'done') return false;
  switch (action) {
    case 'rollback':
    case 'unlock':
    case 'accept_register':
      return true;
    case 'kill_on':
      return target.release === undefined;
    case 'abort':
      return details?.recovery !== undefined;
    default:
      return false;
  }
}

/** The review that an entry opens, if it opens one. */
export function reviewOf(draft: AuditDraft, entry: number): Review | undefined {
  if (!isEmergency(draft)) return undefined;
  const { at, actor, action, target, from, to, reason } = draft;
  return { entry, of: { at, actor, action, target, from, to, reason }, reminders: 0 };
}

export const isOverdue = ({ of, done }: Review, at: Instant) =>
  !done && elapsedMs(of.at, at) >= REVIEW_DUE_MS;

export type ReviewIntent = {
  readonly entry: number;
  readonly by: Asker;
  readonly note: string;
};

/** By an operator or an approver who is not the one who did it. */
export function decideReview(
  reviews: Reviews,
  { entry, by, note }: ReviewIntent,
  at: Instant,
): Decision<Reviews> {
  const review = reviews.find((one) => one.entry === entry);
  const forbidden = whyNot(by, 'review');
  if (forbidden) return no(forbidden);
  if (!review) return no({ code: 'nothing_to_review' });
  const { of, done } = review;
  if (done) return no({ code: 'already_decided', by: done.by, decision: 'reviewed' });
  if (isSamePerson(by, of.actor)) return no({ code: 'needs_another_reviewer', did: of.actor });
  if (!note) return no({ code: 'reason_missing' });
  const next: Review = { ...review, done: { by: by.actor, at, note } };
  return yes({
    next: reviews.map((one) => (one === review ? next : one)),
    audit: {
      at,
      actor: by.actor,
      action: 'emergency_reviewed',
      target: of.target,
      from: '',
      to: '',
      reason: note,
      outcome: 'done',
      details: { entry, action: of.action, at: new Date(of.at).toISOString() },
    },
    owes: [telling(next, by.actor, note)],
  });
}

/** What has an alert is told in its thread, and the alert stops asking for it; the rest in the channel. */
function telling({ of }: Review, by: Actor, note: string): Effect {
  const { release, service } = of.target;
  return release === undefined
    ? {
        tell: 'channel',
        ...(service !== undefined && { service }),
        notice: { what: 'reviewed', of, by, note },
      }
    : { tell: 'alert', release, alert: { what: 'reviewed', of, by, note } };
}

/** Once when it is due, and once more a day later; after that Home and the digest go on naming it. */
export const REMINDERS_MAX = 2;

export const isReminderDue = (reviews: Reviews, at: Instant) =>
  reviews.some(
    ({ of, reminders, done }) =>
      !done && reminders < REMINDERS_MAX && elapsedMs(of.at, at) >= (reminders + 1) * REVIEW_DUE_MS,
  );

/** One reminder is about all of them, so that many on one day are one message and not as many. */
export function remind(reviews: Reviews, at: Instant): Change<Reviews> {
  if (!isReminderDue(reviews, at)) return { next: reviews, owes: [] };
  return {
    next: reviews.map((one) => (one.done ? one : { ...one, reminders: one.reminders + 1 })),
    owes: [{ sync: 'reviews', at }],
  };
}
