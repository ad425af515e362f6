import { setImmediate as nextTurn } from 'node:timers/promises';
import { readItem } from '#adapters/agents/agent-log-item.ts';
import type { Caller } from '#adapters/agents/gate.ts';
import { parseJson } from '#adapters/parse-json.ts';
import type { AgentLog, MalformedLog } from '#domain/agent-log.ts';
import { no, type Result, yes } from '#domain/result.ts';
import type { Instant } from '#domain/time.ts';

export type UnreadableBatch =
  | { readonly code: 'not_a_batch' | 'too_many_items'; readonly message: string }
  | ({ readonly code: 'malformed_item' } & MalformedLog);

export const ITEMS_MAX = 50_000;
/** A long batch is read in turns with everything else, so it delays neither Slack nor a kill. */
const ITEMS_A_TURN = 500;
/** All items of a batch, or the first that is malformed; then nothing of the batch counts. */
export async function readAgentLogs(
  body: string,
  caller: Caller,
  at: Instant,
): Promise<Result<readonly AgentLog[], UnreadableBatch>> {
  const items = splitItems(body);
  if (!items.ok) return items;
  const logs: AgentLog[] = [];
  for (const [index, item] of items.value.entries()) {
    if (index > 0 && index % ITEMS_A_TURN === 0) await nextTurn();
    const log = readItem(item, caller, at);
    if (!log.ok) return no({ code: 'malformed_item', index, ...log.refusal });
    logs.push(log.value);
  }
  return yes(logs);
}

/** A JSON array, or one JSON object a line. */
function splitItems(body: string): Result<readonly unknown[], UnreadableBatch> {
  const notABatch = (message: string) => no({ code: 'not_a_batch', message } as const);
  const isArray = /^\s*\[/.test(body);
  const items = isArray ? parseJson(body) : body.split('\n').filter((line) => line.trim() !== '');
  if (!Array.isArray(items)) return notABatch('The body is not a valid JSON array.');
  if (items.length === 0 && !isArray) return notABatch('The body is empty.');
  if (items.length > ITEMS_MAX) {
    return no({ code: 'too_many_items', message: `A batch holds at most ${ITEMS_MAX} items.` });
  }
  return yes(isArray ? items : items.map(parseJson));
}
