import { and, count, desc, eq, gte, or, sql } from '#db/drizzle.ts';
import {
  agentLogMinutes,
  agentLogs,
  agentLogTotals,
  audit,
  flags,
  killSwitches,
  releases,
  services,
  verdicts,
  versions,
} from '#db/schema.ts';
import { assert } from '#domain/result.ts';
import type { Service } from '#domain/service.ts';
import { asInstant, DAY_MS, type Instant, MINUTE_MS } from '#domain/time.ts';
import type { Verdict } from '#domain/verdict.ts';
import { unpackWindow } from '#store/log-counts.ts';
import type { PastWindow, Queries, Traffic } from '#store/queries.ts';
import {
  createAggregateFiles,
  flagFrom,
  killSwitchFrom,
  versionFrom,
} from '#store/sqlite/aggregates.ts';
import type { Database } from '#store/sqlite/database.ts';
import { entryFrom, searchEntries } from '#store/sqlite/entry-search.ts';
import { releaseFrom } from '#store/sqlite/releases.ts';
import { createReviewFile } from '#store/sqlite/reviews.ts';

/** The read models over SQLite. */
export function createQueries(db: Database): Queries {
  return {
    ...serviceQueries(db),
    ...releaseQueries(db),
    ...versionQueries(db),
    ...createReviewFile(db).queries,
    flags: () => db.select().from(flags).orderBy(flags.key).all().map(flagFrom),
    flag: (key) => {
      const row = db.select().from(flags).where(eq(flags.key, key)).get();
      return row && flagFrom(row);
    },
    killSwitches: () =>
      db.select().from(killSwitches).orderBy(killSwitches.name).all().map(killSwitchFrom),
    traffic: (name, at) => trafficOf(db, name, at),
    lastEntries: (limit) =>
      db.select().from(audit).orderBy(desc(audit.seq)).limit(limit).all().map(entryFrom),
    searchEntries: (search) => searchEntries(db, search),
  };
}

function serviceQueries(db: Database): Pick<Queries, 'service' | 'services' | 'polledServices'> {
  const files = createAggregateFiles(db);
  const service = (name: string) =>
    // The loader of services gives services; see createAggregateFiles.
    files.load({ kind: 'service', name }).state as Service | undefined;
  const isWatched = and(
    eq(releases.phase, 'completed'),
    sql`json_extract(${releases.state}, '$.watchOver') = 0`,
  );
  const polled = db
    .selectDistinct({ service: releases.service })
    .from(releases)
    .where(or(and(eq(releases.live, true), sql`${releases.phase} != 'proposed'`), isWatched))
    .prepare();
  const names = db.select({ name: services.name }).from(services).orderBy(services.name).prepare();
  return {
    service,
    services: () =>
      names
        .all()
        .map(({ name }) => service(name))
        .filter((found) => found !== undefined),
    polledServices: () => polled.all().map((row) => row.service),
  };
}

function releaseQueries(
  db: Database,
): Pick<Queries, 'release' | 'history' | 'releasesByPhase' | 'windows'> {
  return {
    release: (id) => {
      const row = db.select().from(releases).where(eq(releases.id, id)).get();
      return row && releaseFrom(row);
    },
    history: (name, limit) =>
      db
        .select()
        .from(releases)
        .where(name === undefined ? undefined : eq(releases.service, name))
        .orderBy(desc(releases.id))
        .limit(limit)
        .all()
        .map(releaseFrom),
    releasesByPhase: () => {
      const rows = db.select({ phase: releases.phase, count: count() }).from(releases);
      const counted = rows.groupBy(releases.phase).all();
      return new Map(counted.map((row) => [row.phase, row.count]));
    },
    windows: (release, limit) => windowsOf(db, release, limit),
  };
}

function versionQueries(
  db: Database,
): Pick<Queries, 'knownVersions' | 'registeredVersions' | 'registeredVersion'> {
  const registeredVersions = (name: string) =>
    db
      .select({ version: versions.version })
      .from(versions)
      .where(eq(versions.service, name))
      .all()
      .map((row) => row.version);
  return {
    registeredVersions,
    registeredVersion: (name, version) => {
      const isThis = and(eq(versions.service, name), eq(versions.version, version));
      const row = db.select().from(versions).where(isThis).get();
      return row && versionFrom(row);
    },
    knownVersions: (name) => {
      const reported = db
        .selectDistinct({ version: agentLogTotals.version })
        .from(agentLogTotals)
        .where(eq(agentLogTotals.service, name))
        .all();
      const all = [...registeredVersions(name), ...reported.map((row) => row.version)];
      return [...new Set(all)].sort();
    },
  };
}

function windowsOf(db: Database, release: number, limit: number): readonly PastWindow[] {
  const rows = db
    .select()
    .from(verdicts)
    .where(eq(verdicts.release, release))
    .orderBy(desc(verdicts.windowEnd))
    .limit(limit)
    .all();
  return rows.reverse().map((row) => {
    const where = `window ${row.release}/${row.windowEnd}`;
    return {
      step: row.step,
      // Written by the store from a verdict, so both are of its closed lists.
      says: row.says as Verdict['says'],
      reason: row.reason as Verdict['reason'],
      words: row.words,
      window: {
        from: asInstant(row.windowStart),
        to: asInstant(row.windowEnd),
        weightPercent: row.weightPercent,
        candidate: unpackWindow(row.candidate, where),
        stable: unpackWindow(row.stable, where),
      },
    };
  });
}

/** Measured over the last day, or over what there is of it, at least a minute. */
function trafficOf(db: Database, name: string, at: Instant): Traffic | undefined {
  const since = at - DAY_MS;
  const total = sql<number>`coalesce(sum(json_extract(${agentLogMinutes.counts}, '$.counters.requests')), 0)`;
  const bad = sql<number>`coalesce(sum(json_extract(${agentLogMinutes.counts}, '$.counters.errors')), 0)`;
  const first = sql<number>`min(${agentLogMinutes.minute})`;
  const row = db
    .select({ total, bad, first })
    .from(agentLogMinutes)
    .where(and(eq(agentLogMinutes.service, name), gte(agentLogMinutes.minute, since)))
    .get();
  assert(row, 'a sum is a row');
  if (row.total === 0) return undefined;
  const key = sql<number>`count(distinct json_extract(${agentLogs.item}, '$.key'))`;
  const keys = db
    .select({ distinct: key })
    .from(agentLogs)
    .where(and(eq(agentLogs.service, name), gte(agentLogs.receivedAt, since)))
    .get();
  assert(keys, 'a count is a row');
  const overMs = Math.max(MINUTE_MS, at - row.first);
  return {
    requestsPerDay: Math.round((row.total * DAY_MS) / Math.min(DAY_MS, overMs)),
    distinctKeys: keys.distinct,
    badRate: row.bad / row.total,
  };
}
