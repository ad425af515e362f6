import { eq, isNull, or, sql } from '#db/drizzle.ts';
import { reviews } from '#db/schema.ts';
import type { Review, Reviews } from '#domain/review.ts';
import { asInstant } from '#domain/time.ts';
import { actorFrom, actorText, decode } from '#store/codec.ts';
import type { Database } from '#store/sqlite/database.ts';

/** What waits for somebody to look at it, and what was found; saved inside the one transaction only. */
export function createReviewFile(db: Database) {
  const entry = sql.placeholder('entry');
  const waiting = db
    .select()
    .from(reviews)
    .where(or(isNull(reviews.doneAt), eq(reviews.entry, entry)))
    .orderBy(reviews.entry)
    .prepare();
  return {
    /** All that wait, and the one of this entry. */
    load: (named: number): Reviews => waiting.all({ entry: named }).map(reviewFrom),
    save: (next: Reviews, before: Reviews = []): void => {
      for (const review of next) if (!before.includes(review)) saveReview(db, review);
    },
  };
}

export const reviewsOf = (db: Database, release: number): Reviews =>
  db
    .select()
    .from(reviews)
    .where(eq(reviews.release, release))
    .orderBy(reviews.entry)
    .all()
    .map(reviewFrom);

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
  const isDone = doneBy !== null && doneAt !== null;
  return {
    entry,
    of: decode('emergency', of, `review of entry ${entry}`),
    reminders,
    ...(isDone && { done: { by: actorFrom(doneBy), at: asInstant(doneAt), note: note ?? '' } }),
  };
}
