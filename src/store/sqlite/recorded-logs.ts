/** What agents reported of a service, item by item, as far as it is still kept. */
import { and, count, desc, eq } from '#db/drizzle.ts';
import { agentLogs } from '#db/schema.ts';
import type { AgentLog } from '#domain/agent-log.ts';
import { decode } from '#store/codec.ts';
import type { Database } from '#store/sqlite/database.ts';

/** The version that most was recorded of stands for the service; testers and pinned users do not count. */
export function recordedLogs(db: Database, service: string, limit: number): readonly AgentLog[] {
  const most = db
    .select({ version: agentLogs.version })
    .from(agentLogs)
    .where(eq(agentLogs.service, service))
    .groupBy(agentLogs.version)
    .orderBy(desc(count()))
    .get();
  if (!most) return [];
  const rows = db
    .select({ id: agentLogs.id, item: agentLogs.item })
    .from(agentLogs)
    .where(and(eq(agentLogs.service, service), eq(agentLogs.version, most.version)))
    .orderBy(desc(agentLogs.id))
    .limit(limit)
    .all();
  return rows
    .map(({ id, item }) => decode('agentLog', item, `agent log ${id}`))
    .filter(({ assigned }) => assigned === 'split');
}
