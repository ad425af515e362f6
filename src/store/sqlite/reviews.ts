import { and, eq, isNull, lt, sql } from '#db/drizzle.ts';
import { reviews } from '#db/schema.ts';
import { REMINDERS_MAX, type Review, type Reviews } from '#domain/review.ts';
import { asInstant } from '#domain/time.ts';
import { actorFrom, actorText, decode } from '#store/codec.ts';
import type { Database } from '#store/sqlite/database.ts';

/** Where nobody reviews anything, thousands may wait one day. */
const SHOWN_MAX = 200;

/** What waits for somebody to look at it, and what was found; saved inside the one transaction only. */
export function createReviewFile(db: Database) {
  const isWaiting = isNull(reviews.doneAt);
  const toRemind = db
    .select()
    .from(reviews)
    .where(and(isWaiting, lt(reviews.reminders, REMINDERS_MAX)))
    .orderBy(reviews.entry)
    .prepare();
  const waiting = db
    .select()
    .from(reviews)
    .where(isWaiting)
    .orderBy(reviews.entry)
    .limit(SHOWN_MAX)
    .prepare();
  const one = db
    .select()
    .from(reviews)
    .where(eq(reviews.entry, sql.placeholder('entry')))
    .prepare();
  const ofRelease = db
    .select()
    .from(reviews)
    .where(eq(reviews.release, sql.placeholder('release')))
    .orderBy(reviews.entry)
    .prepare();
  const ofEntry = (entry: number) => one.all({ entry }).map(reviewFrom);
  const remindable = () => toRemind.all().map(reviewFrom);
  return {
    load: (name: string): Reviews => (name === 'waiting' ? remindable() : ofEntry(Number(name))),
    save: (next: Reviews, before: Reviews): void => {
      for (const review of next) if (!before.includes(review)) saveReview(db, review);
    },
    queries: {
      waitingReviews: () => waiting.all().map(reviewFrom),
      reviewsToRemind: remindable,
      review: (entry: number) => ofEntry(entry)[0],
      reviewsOf: (release: number) => ofRelease.all({ release }).map(reviewFrom),
    },
  };
}

function saveReview(db: Database, { entry, of, reminders, done }: Review): void {
  const values = {
    ...{ entry, of, reminders, release: of.target.release ?? null },
    doneBy: done ? actorText(done.by) : null,
    doneAt: done?.at ?? null,
    note: done?.note ?? null,
  };
  db.insert(reviews)
    .values(values)
    .onConflictDoUpdate({ target: reviews.entry, set: values })
    .run();
}

function reviewFrom(row: typeof reviews.$inferSelect): Review {
  const { entry, of, reminders, doneBy, doneAt, note } = row;
  const isDone = doneBy !== null && doneAt !== null && note !== null;
  return {
    entry,
    of: decode('emergency', of, `review of entry ${entry}`),
    reminders,
    ...(isDone && { done: { by: actorFrom(doneBy), at: asInstant(doneAt), note } }),
  };
}
