import { setImmediate as nextTurn } from 'node:timers/promises';
import { readItem } from '#adapters/agents/agent-log-item.ts';
import type { Caller } from '#adapters/agents/gate.ts';
import { ITEMS_A_PART, partsOf } from '#adapters/agents/log-parts.ts';
import { isBlank, isJsonArray, itemsOfArray, linesOf } from '#adapters/agents/split-items.ts';
import { parseJson } from '#adapters/parse-json.ts';
import type { AgentLog, MalformedLog } from '#domain/agent-log.ts';
import { no, type Result, yes } from '#domain/result.ts';
import type { Instant } from '#domain/time.ts';
import type { LogPart } from '#store/agent-logs.ts';

export type UnreadableBatch =
  | { readonly code: 'not_a_batch' | 'too_many_items'; readonly message: string }
  | ({ readonly code: 'malformed_item' } & MalformedLog);

export const ITEMS_MAX = 50_000;
/** A long batch is read in turns with everything else, so it delays neither an answer nor a kill. */
const CHARACTERS_A_TURN = 32 * 1024;

/** A batch as it is stored: parts, because its items would be a hundred megabytes of objects. */
export type ReadBatch = { readonly parts: readonly LogPart[]; readonly items: number };

/** All items of a batch, or the first that is malformed; then nothing of the batch counts. */
export async function readAgentLogs(
  body: Buffer,
  caller: Caller,
  at: Instant,
): Promise<Result<ReadBatch, UnreadableBatch>> {
  const isArray = isJsonArray(body);
  const parts: LogPart[] = [];
  let logs: AgentLog[] = [];
  let [items, unturned] = [0, 0];
  for (const text of isArray ? itemsOfArray(body) : linesOf(body)) {
    unturned += text.length + 1;
    if (unturned > CHARACTERS_A_TURN) {
      unturned = 0;
      await nextTurn();
    }
    if (!isArray && isBlank(text)) continue;
    const item = parseJson(text);
    if (isArray && item === undefined) return notABatch('The body is not a valid JSON array.');
    if (items === ITEMS_MAX) return TOO_MANY;
    const log = readItem(item, caller, at);
    if (!log.ok) return no({ code: 'malformed_item', index: items, ...log.refusal });
    items += 1;
    logs.push(log.value);
    if (logs.length < ITEMS_A_PART) continue;
    parts.push(...partsOf(logs));
    logs = [];
  }
  if (items === 0 && !isArray) return notABatch('The body is empty.');
  if (logs.length > 0) parts.push(...partsOf(logs));
  return yes({ parts, items });
}

const notABatch = (message: string) => no({ code: 'not_a_batch', message } as const);
const TOO_MANY = no({
  code: 'too_many_items',
  message: `A batch holds at most ${ITEMS_MAX} items.`,
} as const);
