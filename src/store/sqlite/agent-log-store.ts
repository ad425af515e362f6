import { and, asc, eq, gte, inArray, lt, sql } from '#db/drizzle.ts';
import { agentLogMinutes, agentLogs, agentLogTotals, inbox } from '#db/schema.ts';
import type { AgentLog } from '#domain/agent-log.ts';
import type { Counts } from '#domain/evidence.ts';
import { addCounts } from '#domain/policy/counting.ts';
import type { LogRollUp } from '#domain/roll-up.ts';
import { asInstant, type Instant, MINUTE_MS } from '#domain/time.ts';
import { packCounts, unpackCounts } from '#store/log-counts.ts';
import { type Database, inTransaction } from '#store/sqlite/database.ts';

export type LogBatch = {
  readonly logs: readonly AgentLog[];
  readonly rollUps: readonly LogRollUp[];
  readonly at: Instant;
  readonly idempotencyKey?: string;
  readonly digest: string;
};

export type AgentLogStore = {
  /** All of a batch or nothing; a batch whose key was seen counts once. */
  readonly record: (batch: LogBatch) => { readonly is: 'recorded' | 'repeated' | 'key_reused' };
  /** Running totals of one arm; undefined when it never reported anything. */
  readonly totals: (service: string, version: string, assigned: string) => Totals | undefined;
  /** Counts of each whole stretch of `widthMs` in a span, the oldest first. */
  readonly stretches: (span: Span) => readonly Counts[];
  /** Removes the oldest raw rows before a moment, at most `limit` of them, so that nothing stalls. */
  readonly prune: (before: Instant, limit: number) => number;
};

export type Totals = {
  readonly counts: Counts;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
};

export type Span = {
  readonly service: string;
  readonly version: string;
  readonly assigned: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly widthMs: number;
};

export function createAgentLogStore(db: Database): AgentLogStore {
  const totalsOf = db
    .select()
    .from(agentLogTotals)
    .where(
      and(
        eq(agentLogTotals.service, sql.placeholder('service')),
        eq(agentLogTotals.version, sql.placeholder('version')),
        eq(agentLogTotals.assigned, sql.placeholder('assigned')),
      ),
    )
    .prepare();
  const totals: AgentLogStore['totals'] = (service, version, assigned) => {
    const row = totalsOf.get({ service, version, assigned });
    if (!row) return undefined;
    const { firstAt, lastAt } = row;
    return {
      counts: unpackCounts(row.counts),
      firstAt: asInstant(firstAt),
      lastAt: asInstant(lastAt),
    };
  };

  return {
    totals,
    record: (batch) => inTransaction(db, () => recordInside(db, totals, batch)),
    stretches: (span) => stretchesOf(db, span),
    prune: (before, limit) => {
      const oldest = db
        .select({ id: agentLogs.id })
        .from(agentLogs)
        .where(lt(agentLogs.receivedAt, before))
        .limit(limit);
      return db.delete(agentLogs).where(inArray(agentLogs.id, oldest)).run().changes;
    },
  };
}

function recordInside(
  db: Database,
  totals: AgentLogStore['totals'],
  { logs, rollUps, at, idempotencyKey, digest }: LogBatch,
) {
  const key = idempotencyKey === undefined ? undefined : `ingest:${idempotencyKey}`;
  const seen = key && db.select().from(inbox).where(eq(inbox.key, key)).get();
  if (seen) return { is: seen.refusal === digest ? 'repeated' : 'key_reused' } as const;
  if (key) db.insert(inbox).values({ key, at, refusal: digest }).run();

  for (const log of logs) {
    const { service, version } = log;
    db.insert(agentLogs).values({ receivedAt: at, service, version, item: log }).run();
  }
  for (const rollUp of rollUps) {
    addToMinute(db, rollUp);
    addToTotals(db, totals, rollUp, at);
  }
  return { is: 'recorded' } as const;
}

function addToMinute(
  db: Database,
  { service, version, assigned, minute, counts }: LogRollUp,
): void {
  const isThis = and(
    eq(agentLogMinutes.service, service),
    eq(agentLogMinutes.version, version),
    eq(agentLogMinutes.assigned, assigned),
    eq(agentLogMinutes.minute, minute),
  );
  const known = db.select().from(agentLogMinutes).where(isThis).get();
  if (!known) {
    const packed = packCounts(counts);
    db.insert(agentLogMinutes).values({ service, version, assigned, minute, counts: packed }).run();
    return;
  }
  const sum = packCounts(addCounts(unpackCounts(known.counts), counts));
  db.update(agentLogMinutes).set({ counts: sum }).where(isThis).run();
}

function addToTotals(
  db: Database,
  totals: AgentLogStore['totals'],
  { service, version, assigned, counts }: LogRollUp,
  at: Instant,
): void {
  const known = totals(service, version, assigned);
  const sum = packCounts(known ? addCounts(known.counts, counts) : counts);
  db.insert(agentLogTotals)
    .values({ service, version, assigned, counts: sum, firstAt: at, lastAt: at })
    .onConflictDoUpdate({
      target: [agentLogTotals.service, agentLogTotals.version, agentLogTotals.assigned],
      set: { counts: sum, lastAt: at },
    })
    .run();
}

function stretchesOf(db: Database, span: Span): readonly Counts[] {
  const { service, version, assigned, from, to } = span;
  // Minutes are the finest that is kept, so nothing narrower can be told apart.
  const widthMs = Math.max(MINUTE_MS, span.widthMs);
  const rows = db
    .select()
    .from(agentLogMinutes)
    .where(
      and(
        eq(agentLogMinutes.service, service),
        eq(agentLogMinutes.version, version),
        eq(agentLogMinutes.assigned, assigned),
        gte(agentLogMinutes.minute, from),
        lt(agentLogMinutes.minute, to),
      ),
    )
    .orderBy(asc(agentLogMinutes.minute))
    .all();
  const stretches = Map.groupBy(rows, ({ minute }) => Math.floor((minute - from) / widthMs));
  return [...stretches.values()].map((group) =>
    group.map((row) => unpackCounts(row.counts)).reduce(addCounts),
  );
}
