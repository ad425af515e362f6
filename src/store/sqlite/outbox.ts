import { and, asc, count, eq, isNull, min, sql } from '#db/drizzle.ts';
import { outbox } from '#db/schema.ts';
import type { ChannelNotice, Effect } from '#domain/effect.ts';
import { asInstant, type Instant } from '#domain/time.ts';
import { decode } from '#store/codec.ts';
import { type Outbox, type Owed, WAIT_MS_MAX } from '#store/port.ts';
import type { Database } from '#store/sqlite/database.ts';
import { given } from '#store/sqlite/given.ts';

/** Adds effects to what is owed; what it gives back is called inside the one transaction only. */
export function createDebts(db: Database) {
  const add = db
    .insert(outbox)
    .values(given(outbox, 'id', 'sent', 'lastError', 'doneAt'))
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
      const [lane, priority] = [laneOf(effect), priorityOf(effect)];
      const fresh = { generation: 1, owedAt: at, notBefore: at, tries: 0 };
      add.run({ subject, effect, lane, priority, ...fresh });
    }
  };
}

export function subjectOf(effect: Effect): string | null {
  if (!('sync' in effect)) return null;
  switch (effect.sync) {
    case 'traffic':
      return `traffic:${effect.service}`;
    case 'card':
      return `card:${effect.release}`;
    case 'escalation':
      return `escalation:${effect.release}`;
    case 'flag_request':
      return `flag_request:${effect.flag}:${effect.request}`;
    case 'welcome':
      return `welcome:${effect.channel}`;
    case 'digest':
      return `digest:${effect.at}`;
  }
}

/** What has to happen in order shares a lane; what may not wait for another has its own. */
export function laneOf(effect: Effect): string {
  if ('sync' in effect) return subjectOf(effect) ?? effect.sync;
  if ('throw' in effect) return `kill:${effect.name}`;
  switch (effect.tell) {
    case 'thread':
      return `thread:${effect.release}`;
    case 'alert':
      return `alert:${effect.release}`;
    case 'channel':
      return laneOfNotice(effect);
    case 'checkpoint':
      return 'checkpoint';
  }
}

/** The notice of a kill waits for nothing but an earlier one of the same switch. */
function laneOfNotice({ notice, service = '' }: Extract<Effect, { tell: 'channel' }>): string {
  return isOfKill(notice) ? `kill_notice:${notice.name}` : `channel:${service}`;
}

/** What stops something, and what tells of it, waits behind nothing. */
const isOfKill = (notice: ChannelNotice) => notice.what === 'kill_on' || notice.what === 'kill_off';

const PRIORITY_OF_SYNC = {
  traffic: 0,
  escalation: 1,
  card: 3,
  flag_request: 3,
  welcome: 3,
  digest: 3,
} as const;

/** Stops and what people must hear of them go first; progress comes last. */
export function priorityOf(effect: Effect): number {
  if ('throw' in effect) return 0;
  if ('sync' in effect) return PRIORITY_OF_SYNC[effect.sync];
  if (effect.tell === 'alert') return 1;
  if (effect.tell === 'thread' || effect.tell === 'checkpoint') return 4;
  return isOfKill(effect.notice) ? 0 : 2;
}

export function createOutbox(db: Database): Outbox {
  const open = isNull(outbox.doneAt);
  // What only waits to be looked at again is late for nobody.
  const isNotTold = and(isNull(outbox.sent), sql`${outbox.lane} not like 'escalation:%'`);
  // Only the oldest of a lane may go; the lanes that are due come most urgent first.
  const heads = db
    .select()
    .from(outbox)
    .where(
      and(
        open,
        sql`${outbox.notBefore} not between ${sql.placeholder('at')} + 1 and ${sql.placeholder('at')} + ${WAIT_MS_MAX}`,
        sql`${outbox.id} in (select min(id) from outbox where done_at is null group by lane)`,
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
    .select({ due: min(outbox.notBefore) })
    .from(outbox)
    .where(open)
    .prepare();
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

  return {
    due: (at, limit) => heads.all({ at, limit }).map(owedFrom),
    trying: ({ id }) => void trying.run({ id }),
    // A row that became owed again meanwhile keeps being owed.
    done: ({ id, generation }, at) => void done.run({ id, generation, doneAt: at }),
    retry: ({ id }, notBefore, lastError) => void retry.run({ id, notBefore, lastError }),
    readBack: ({ id }, sent, notBefore) =>
      void readBack.run({ id, sent, notBefore, lane: `read_back:${id}` }),
    depth: () => {
      const { count: owed, oldest } = depth.get() ?? { count: 0, oldest: null };
      return { count: owed, ...(oldest !== null && { oldest: asInstant(oldest) }) };
    },
    nextDue: () => {
      const due = next.get()?.due;
      return due == null ? undefined : asInstant(due);
    },
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
