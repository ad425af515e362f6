import { and, asc, count, eq, isNull, min, sql } from '#db/drizzle.ts';
import { outbox } from '#db/schema.ts';
import type { Effect } from '#domain/effect.ts';
import { assert } from '#domain/result.ts';
import { asInstant, type Instant } from '#domain/time.ts';
import { decode } from '#store/codec.ts';
import { laneOf, priorityOf, shareOf, subjectOf } from '#store/lanes.ts';
import { type Outbox, type Owed, WAIT_MS_MAX } from '#store/port.ts';
import { type Database, inTransaction } from '#store/sqlite/database.ts';
import { given } from '#store/sqlite/given.ts';

/** Adds effects to what is owed; what it gives back is called inside the one transaction only. */
export function createDebts(db: Database) {
  const lane = sql.placeholder('lane');
  const behind = sql`exists (select 1 from outbox where ${isNull(outbox.doneAt)} and lane = ${lane})`;
  const add = db
    .insert(outbox)
    .values({ ...given(outbox, 'id', 'behind', 'sent', 'lastError', 'doneAt'), behind })
    .prepare();
  // A sync that is owed already becomes newer instead of being owed twice.
  const oweAgain = db
    .update(outbox)
    .set({
      generation: sql`${outbox.generation} + 1`,
      notBefore: sql`min(${outbox.notBefore}, ${sql.placeholder('at')})`,
    })
    .where(and(eq(outbox.subject, sql.placeholder('subject')), isNull(outbox.doneAt)))
    .prepare();

  return (effects: readonly Effect[], at: Instant): void => {
    for (const effect of effects) {
      const subject = subjectOf(effect);
      if (subject !== null && oweAgain.run({ subject, at }).changes > 0) continue;
      const place = {
        lane: laneOf(effect),
        priority: priorityOf(effect),
        share: shareOf(effect),
      };
      add.run({ subject, effect, ...place, generation: 1, owedAt: at, notBefore: at, tries: 0 });
    }
  };
}

export const createOutbox = (db: Database): Outbox => ({ ...createLooks(db), ...createMoves(db) });

const open = isNull(outbox.doneAt);

function createLooks(db: Database): Pick<Outbox, 'due' | 'depth' | 'nextDue'> {
  // What only waits to be looked at again is late for nobody.
  const isNotTold = and(isNull(outbox.sent), sql`${outbox.lane} not like 'escalation:%'`);
  // Word for word what the index is for, or it would not be used.
  const isHead = sql`${open} and ${outbox.behind} = 0`;
  const heads = db
    .select()
    .from(outbox)
    .where(
      and(
        isHead,
        eq(outbox.share, sql.placeholder('share')),
        sql`(${outbox.tries} = 0 or ${outbox.notBefore} not between ${sql.placeholder('at')} + 1 and ${sql.placeholder('at')} + ${WAIT_MS_MAX})`,
      ),
    )
    .orderBy(asc(outbox.priority), asc(outbox.id))
    .limit(sql.placeholder('limit'))
    .prepare();
  const depth = db
    .select({ count: count(), oldest: min(outbox.owedAt) })
    .from(outbox)
    .where(and(open, isNotTold))
    .prepare();
  const next = db
    .select({ due: outbox.notBefore })
    .from(outbox)
    .where(isHead)
    .orderBy(asc(outbox.notBefore))
    .limit(1)
    .prepare();
  return {
    due: (share, at, limit) => heads.all({ share, at, limit }).map(owedFrom),
    depth: () => {
      const late = depth.get();
      assert(late, 'a count is a row');
      const { oldest } = late;
      return { count: late.count, ...(oldest !== null && { oldest: asInstant(oldest) }) };
    },
    nextDue: () => {
      const head = next.get();
      return head && asInstant(head.due);
    },
  };
}

function createMoves(db: Database): Pick<Outbox, 'trying' | 'done' | 'retry' | 'readBack'> {
  const isThis = eq(outbox.id, sql.placeholder('id'));
  const notNewer = eq(outbox.generation, sql.placeholder('generation'));
  const { doneAt, notBefore, lastError, sent, lane } = given(outbox);
  const tries = sql`${outbox.tries} + 1`;
  const trying = db.update(outbox).set({ tries }).where(isThis).prepare();
  const done = db
    .update(outbox)
    .set({ doneAt, lastError: null })
    .where(and(isThis, notNewer))
    .prepare();
  // Whoever carries it out marks the generation done that it knows, so this one stays owed.
  const readBack = db
    .update(outbox)
    .set({ sent, lane, notBefore, generation: sql`${outbox.generation} + 1` })
    .where(isThis)
    .prepare();
  const retry = db.update(outbox).set({ notBefore, lastError }).where(isThis).prepare();
  // What has left a lane makes the next of it the head.
  const isNext = sql`${outbox.id} = (select min(id) from outbox where ${open} and lane = ${lane})`;
  const advance = db.update(outbox).set({ behind: false }).where(isNext).prepare();

  return {
    // A transaction, so that a lock that was waited for in vain is not waited for at each effect.
    trying: ({ id }) => inTransaction(db, () => void trying.run({ id })),
    // A row that became owed again meanwhile keeps being owed.
    done: ({ id, generation, lane }, at) =>
      inTransaction(db, () => {
        done.run({ id, generation, doneAt: at });
        advance.run({ lane });
      }),
    retry: ({ id }, notBefore, lastError) =>
      inTransaction(db, () => void retry.run({ id, notBefore, lastError })),
    readBack: ({ id, lane }, sent, notBefore) =>
      inTransaction(db, () => {
        readBack.run({ id, sent, notBefore, lane: `read_back:${id}` });
        advance.run({ lane });
      }),
  };
}

function owedFrom(row: typeof outbox.$inferSelect): Owed {
  return {
    id: row.id,
    effect: decode('effect', row.effect, `outbox ${row.id}`),
    lane: row.lane,
    generation: row.generation,
    owedAt: asInstant(row.owedAt),
    tries: row.tries,
    ...(row.sent !== null && { sent: decode('sent', row.sent, `outbox ${row.id}`) }),
  };
}
