import type { AgentLog } from '#domain/agent-log.ts';
import { rollUp } from '#domain/roll-up.ts';
import type { LogPart } from '#store/agent-logs.ts';

/** So much is stored within a few milliseconds. */
export const ITEMS_A_PART = 500;
const ROLL_UPS_A_PART = 20;

/** Some items of a batch as they are stored: one part mostly, and more when they hardly add up. */
export function partsOf(logs: readonly AgentLog[]): readonly LogPart[] {
  const items = JSON.stringify(logs);
  const rollUps = rollUp(logs);
  const parts: LogPart[] = [{ items, rollUps: rollUps.slice(0, ROLL_UPS_A_PART) }];
  for (let more = ROLL_UPS_A_PART; more < rollUps.length; more += ROLL_UPS_A_PART) {
    parts.push({ items: '[]', rollUps: rollUps.slice(more, more + ROLL_UPS_A_PART) });
  }
  return parts;
}
