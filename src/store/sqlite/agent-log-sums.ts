import { and, eq } from '#db/drizzle.ts';
import { agentLogMinutes, agentLogTotals } from '#db/schema.ts';
import type { Counts } from '#domain/evidence.ts';
import { addCounts } from '#domain/policy/counting.ts';
import type { LogRollUp } from '#domain/roll-up.ts';
import { asInstant, type Instant } from '#domain/time.ts';
import { packCounts, unpackCounts } from '#store/log-counts.ts';
import type { Database } from '#store/sqlite/database.ts';
import { given } from '#store/sqlite/given.ts';

export type Totals = {
  readonly counts: Counts;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
};

export type LogSums = ReturnType<typeof createLogSums>;

/** What agents reported, added up from the beginning and by minute; added to inside a transaction. */
export function createLogSums(db: Database) {
  const minutes = minuteStatements(db);
  const { totalOf, save } = totalStatements(db);
  const totals = (service: string, version: string, assigned: string): Totals | undefined => {
    const row = totalOf.get({ service, version, assigned });
    if (!row) return undefined;
    const [firstAt, lastAt] = [asInstant(row.firstAt), asInstant(row.lastAt)];
    return { counts: unpackCounts(row.counts), firstAt, lastAt };
  };
  return {
    totals,
    add: ({ counts, minute, service, version, assigned }: LogRollUp, at: Instant): void => {
      const arm = { service, version, assigned };
      const known = minutes.countsOf.get({ ...arm, minute });
      const inMinute = known ? addCounts(unpackCounts(known.counts), counts) : counts;
      minutes.save.run({ ...arm, minute, counts: packCounts(inMinute) });
      const before = totals(service, version, assigned);
      const inAll = before ? addCounts(before.counts, counts) : counts;
      save.run({ ...arm, counts: packCounts(inAll), firstAt: at, lastAt: at });
    },
  };
}

function totalStatements(db: Database) {
  const { service, version, assigned } = agentLogTotals;
  const row = given(agentLogTotals);
  const isArm = and(eq(service, row.service), eq(version, row.version), eq(assigned, row.assigned));
  return {
    totalOf: db.select().from(agentLogTotals).where(isArm).prepare(),
    save: db
      .insert(agentLogTotals)
      .values(row)
      .onConflictDoUpdate({
        target: [service, version, assigned],
        set: { counts: row.counts, lastAt: row.lastAt },
      })
      .prepare(),
  };
}

function minuteStatements(db: Database) {
  const { service, version, assigned, minute } = agentLogMinutes;
  const row = given(agentLogMinutes);
  const isMinute = and(
    eq(service, row.service),
    eq(version, row.version),
    eq(assigned, row.assigned),
    eq(minute, row.minute),
  );
  return {
    countsOf: db
      .select({ counts: agentLogMinutes.counts })
      .from(agentLogMinutes)
      .where(isMinute)
      .prepare(),
    save: db
      .insert(agentLogMinutes)
      .values(row)
      .onConflictDoUpdate({
        target: [service, version, assigned, minute],
        set: { counts: row.counts },
      })
      .prepare(),
  };
}
