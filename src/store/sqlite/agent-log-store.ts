import { and, asc, eq, gte, inArray, lt } from '#db/drizzle.ts';
import { agentLogMinutes, agentLogs } from '#db/schema.ts';
import type { Counts } from '#domain/evidence.ts';
import { addCounts } from '#domain/policy/counting.ts';
import { type Instant, MINUTE_MS } from '#domain/time.ts';
import type { LogKeeper } from '#store/agent-logs.ts';
import { unpackCounts } from '#store/log-counts.ts';
import { createLogKeeper } from '#store/sqlite/agent-log-keeper.ts';
import { createLogSums, type Totals } from '#store/sqlite/agent-log-sums.ts';
import type { Database } from '#store/sqlite/database.ts';
import { createSplitKeys, type SplitKeys } from '#store/sqlite/split-keys.ts';

export type AgentLogStore = LogKeeper & {
  /** Running totals of one arm; undefined when it never reported anything. */
  readonly totals: (service: string, version: string, assigned: string) => Totals | undefined;
  /** Users that each version was drawn for in a step, and requests of those who have no key. */
  readonly drawn: SplitKeys['drawn'];
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
  const keys = createSplitKeys(db);
  return {
    ...createLogKeeper(db, sums, keys),
    totals: sums.totals,
    drawn: keys.drawn,
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
