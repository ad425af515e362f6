import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { type Caller, qualifiedName } from '#adapters/agents/gate.ts';
import { parseJson } from '#adapters/http/body.ts';
import {
  type AgentLog,
  LOG_AGE_MS_MAX,
  LOG_AHEAD_MS_MAX,
  type MalformedLog,
} from '#domain/agent-log.ts';
import { isServiceName, isVersion } from '#domain/name.ts';
import { no, type Result, yes } from '#domain/result.ts';
import { asInstant, HOUR_MS, type Instant, MINUTE_MS } from '#domain/time.ts';

export type UnreadableBatch =
  | { readonly code: 'not_a_batch' | 'too_many_items'; readonly message: string }
  | ({ readonly code: 'malformed_item' } & MalformedLog);

export const ITEMS_MAX = 50_000;
/** A long batch is read in turns with everything else, so it delays neither Slack nor a kill. */
const ITEMS_A_TURN = 500;
const WHOLE_ITEM = '(item)';

const LATENCY_MS_MAX = 24 * HOUR_MS;
const COST_USD_MAX = 100_000;
const COUNT_MAX = 1_000_000;

const count = z.number().int().min(0).max(COUNT_MAX).nullish();
const text = z.string().max(10_000);

const Item = z.object({
  service: z.string().refine(isServiceName, 'must be a service’s name'),
  version: z.string().refine(isVersion, 'must be a version'),
  success: z.boolean(),
  error: text.nullish(),
  latency_ms: z.number().min(0).max(LATENCY_MS_MAX).nullish(),
  tool_calls: count,
  tool_failures: count,
  injections: count,
  unexpected_tools: count,
  cost_usd: z.number().min(0).max(COST_USD_MAX).nullish(),
  goal_reached: z.boolean().nullish(),
  feedback: z.union([z.enum(['positive', 'neutral', 'negative']), z.literal([-1, 0, 1])]).nullish(),
  key: text.nullish(),
  session: text.nullish(),
  assigned: z.enum(['split', 'pinned', 'tester']).nullish(),
  timestamp: z.union([z.iso.datetime({ offset: true }), z.number().int()]).nullish(),
});
type Item = z.infer<typeof Item>;

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

type Wrong = Omit<MalformedLog, 'index'>;

function readItem(value: unknown, caller: Caller, at: Instant): Result<AgentLog, Wrong> {
  const read = Item.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    return no({
      field: String(issue?.path[0] ?? WHOLE_ITEM),
      problem: issue?.path.length ? issue.message : 'must be a JSON object',
    });
  }
  const item = read.data;
  const service = qualifiedName(caller, item.service);
  if (service === undefined) {
    return no({ field: 'service', problem: `the token is for environment ${caller.environment}` });
  }
  const toolCalls = item.tool_calls ?? 0;
  if ((item.tool_failures ?? 0) > toolCalls) {
    return no({ field: 'tool_failures', problem: 'must not be more than tool_calls' });
  }
  const then = readTimestamp(item.timestamp, at);
  if (!then.ok) return no({ field: 'timestamp', problem: then.refusal });
  return yes(logOf(item, service, then.value));
}

function logOf(item: Item, service: string, at: Instant): AgentLog {
  return {
    service,
    version: item.version,
    at,
    success: item.success,
    toolCalls: item.tool_calls ?? 0,
    toolFailures: item.tool_failures ?? 0,
    injections: item.injections ?? 0,
    unexpectedTools: item.unexpected_tools ?? 0,
    assigned: item.assigned ?? 'split',
    ...(item.error ? { error: item.error } : {}),
    ...(isGiven(item.latency_ms) ? { latencyMs: item.latency_ms } : {}),
    ...(isGiven(item.cost_usd) ? { costUsd: item.cost_usd } : {}),
    ...(isGiven(item.goal_reached) ? { goalReached: item.goal_reached } : {}),
    ...(isGiven(item.feedback) ? { feedback: feedbackOf(item.feedback) } : {}),
    ...(item.key ? { key: item.key } : {}),
    ...(item.session ? { session: item.session } : {}),
  };
}

/** Many languages write null for what is absent. */
const isGiven = <Value>(value: Value | null | undefined): value is Value =>
  value !== null && value !== undefined;

function feedbackOf(given: NonNullable<Item['feedback']>): 'positive' | 'neutral' | 'negative' {
  if (typeof given === 'string') return given;
  if (given === 0) return 'neutral';
  return given > 0 ? 'positive' : 'negative';
}

function readTimestamp(given: Item['timestamp'], at: Instant): Result<Instant, string> {
  if (!isGiven(given)) return yes(at);
  const then = typeof given === 'number' ? given : Date.parse(given);
  if (then > at + LOG_AHEAD_MS_MAX) {
    return no(`is more than ${LOG_AHEAD_MS_MAX / MINUTE_MS} minutes in the future`);
  }
  if (then < at - LOG_AGE_MS_MAX) {
    return no(`is older than ${LOG_AGE_MS_MAX / HOUR_MS} hours; numbers are epoch milliseconds`);
  }
  return yes(asInstant(then));
}
