import { and, asc, eq, gte, inArray, lt, sql } from '#db/drizzle.ts';
import { agentLogMinutes, agentLogs, inbox } from '#db/schema.ts';
import type { Counts } from '#domain/evidence.ts';
import { addCounts } from '#domain/policy/counting.ts';
import type { LogRollUp } from '#domain/roll-up.ts';
import { type Instant, MINUTE_MS } from '#domain/time.ts';
import { unpackCounts } from '#store/log-counts.ts';
import { createLogSums, type LogSums, type Totals } from '#store/sqlite/agent-log-sums.ts';
import { type Database, inTransaction } from '#store/sqlite/database.ts';

export type LogBatch = {
  /** As a JSON array. */
  readonly items: string;
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

export type Span = {
  readonly service: string;
  readonly version: string;
  readonly assigned: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly widthMs: number;
};

export function createAgentLogStore(db: Database): AgentLogStore {
  const sums = createLogSums(db);
  return {
    totals: sums.totals,
    record: (batch) => inTransaction(db, () => recordInside(db, sums, batch)),
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
  sums: LogSums,
  { items, rollUps, at, idempotencyKey, digest }: LogBatch,
) {
  const key = idempotencyKey === undefined ? undefined : `ingest:${idempotencyKey}`;
  const seen = key && db.select().from(inbox).where(eq(inbox.key, key)).get();
  if (seen) return { is: seen.refusal === digest ? 'repeated' : 'key_reused' } as const;
  if (key) db.insert(inbox).values({ key, at, refusal: digest }).run();

  insertRaw(db, items, at);
  for (const rollUp of rollUps) sums.add(rollUp, at);
  return { is: 'recorded' } as const;
}

/** One statement for all: forty thousand of them would hold up a kill for seconds. */
function insertRaw(db: Database, items: string, at: Instant): void {
  db.run(sql`
    insert into ${agentLogs} (received_at, service, version, item)
    select ${at}, value ->> 'service', value ->> 'version', value
    from json_each(${items})`);
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
