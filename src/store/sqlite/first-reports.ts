import { and, count, eq, gt, sql } from '#db/drizzle.ts';
import { agentLogTotals, services } from '#db/schema.ts';
import type { AgentLog } from '#domain/agent-log.ts';
import { assert } from '#domain/result.ts';
import { namedIn } from '#domain/roll-up.ts';
import { DAY_MS, type Instant } from '#domain/time.ts';
import type { LogPart } from '#store/agent-logs.ts';
import type { Database } from '#store/sqlite/database.ts';
import { createDebts } from '#store/sqlite/outbox.ts';

/** An agent that sends a version of its own with each request must not flood a channel. */
const TOLD_A_DAY_MAX = 20;

/**
 * What nobody ever reported before is owed to the channel of its service, in the transaction that
 * counts it. A service that nobody configured has no channel: whoever sends its logs hears that.
 */
export function createFirstReports(db: Database) {
  const owe = createDebts(db);
  const { service, version, firstAt } = agentLogTotals;
  const ofService = eq(service, sql.placeholder('service'));
  const isHeard = db
    .select({ version })
    .from(agentLogTotals)
    .where(and(ofService, eq(version, sql.placeholder('version'))))
    .limit(1)
    .prepare();
  const isConfigured = db
    .select({ name: services.name })
    .from(services)
    .where(and(eq(services.name, sql.placeholder('service')), eq(services.archived, false)))
    .prepare();
  const heardSince = db
    .select({ versions: count() })
    .from(agentLogTotals)
    .where(and(ofService, gt(firstAt, sql.placeholder('since'))))
    .prepare();

  return ({ items, rollUps }: LogPart, at: Instant): void => {
    for (const named of namedIn(rollUps)) {
      if (isHeard.get({ ...named }) || !isConfigured.get({ ...named })) continue;
      const lately = heardSince.get({ service: named.service, since: at - DAY_MS });
      assert(lately, 'a count is a row');
      if (lately.versions >= TOLD_A_DAY_MAX) continue;
      const notice = { what: 'version_heard', ...named, users: usersOf(items, named) } as const;
      owe([{ tell: 'channel', service: named.service, notice }], at);
    }
  };
}

function usersOf(items: string, named: Pick<AgentLog, 'service' | 'version'>): number {
  // They were written by whoever read the batch.
  const logs = JSON.parse(items) as readonly AgentLog[];
  const isNamed = (log: AgentLog) => log.service === named.service && log.version === named.version;
  return new Set(logs.filter(isNamed).flatMap(({ key }) => key ?? [])).size;
}
