import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AgentLog } from '#domain/agent-log.ts';
import { rollUp } from '#domain/roll-up.ts';
import type { LogPart } from '#operations/ingest-agent-logs.ts';

/** So much is stored within a few milliseconds. */
const ITEMS_A_PART = 500;
const ROLL_UPS_A_PART = 20;

/** Divides a batch in turns with everything else, into parts that are stored in turns too. */
export async function partsOf(logs: readonly AgentLog[]): Promise<readonly LogPart[]> {
  const parts: LogPart[] = [];
  for (let at = 0; at < logs.length; at += ITEMS_A_PART) {
    if (at > 0) await nextTurn();
    const some = logs.slice(at, at + ITEMS_A_PART);
    const rollUps = rollUp(some);
    parts.push({ items: JSON.stringify(some), rollUps: rollUps.slice(0, ROLL_UPS_A_PART) });
    for (let more = ROLL_UPS_A_PART; more < rollUps.length; more += ROLL_UPS_A_PART) {
      parts.push({ items: '[]', rollUps: rollUps.slice(more, more + ROLL_UPS_A_PART) });
    }
  }
  return parts;
}
