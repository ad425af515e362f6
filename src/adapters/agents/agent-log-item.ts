/** One agent log as it is sent, read field by field: the first thing wrong with it is told. */
import { type Caller, qualifiedName } from '#adapters/agents/gate.ts';
import { isRecord } from '#adapters/parse-json.ts';
import {
  type AgentLog,
  LOG_AGE_MS_MAX,
  LOG_AHEAD_MS_MAX,
  type MalformedLog,
} from '#domain/agent-log.ts';
import { isServiceName, isVersion } from '#domain/name.ts';
import { no, type Result, yes } from '#domain/result.ts';
import { asInstant, HOUR_MS, type Instant, MINUTE_MS } from '#domain/time.ts';

type Wrong = Omit<MalformedLog, 'index'>;

const WHOLE_ITEM = '(item)';
const LATENCY_MS_MAX = 24 * HOUR_MS;
const COST_USD_MAX = 100_000;
const COUNT_MAX = 1_000_000;
const TEXT_LENGTH_MAX = 10_000;
const ISO_WITH_ZONE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** Many languages write null for what is absent. */
type Item = {
  readonly service: string;
  readonly version: string;
  readonly success: boolean;
  readonly error?: string | null;
  readonly latency_ms?: number | null;
  readonly tool_calls?: number | null;
  readonly tool_failures?: number | null;
  readonly injections?: number | null;
  readonly unexpected_tools?: number | null;
  readonly cost_usd?: number | null;
  readonly goal_reached?: boolean | null;
  readonly feedback?: 'positive' | 'neutral' | 'negative' | 1 | 0 | -1 | null;
  readonly key?: string | null;
  readonly session?: string | null;
  readonly assigned?: 'split' | 'pinned' | 'tester' | null;
  readonly timestamp?: string | number | null;
};

type Rule = { readonly isFine: (value: unknown) => boolean; readonly must: string };

const isText = (value: unknown) => typeof value === 'string';
const isBoolean = (value: unknown) => typeof value === 'boolean';

const text: Rule = {
  isFine: (value) => typeof value === 'string' && value.length <= TEXT_LENGTH_MAX,
  must: `must be a text of at most ${TEXT_LENGTH_MAX} characters`,
};
const upTo = (max: number): Rule => ({
  isFine: (value) => typeof value === 'number' && value >= 0 && value <= max,
  must: `must be a number from 0 to ${max}`,
});
const count: Rule = {
  isFine: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= COUNT_MAX,
  must: `must be a whole number from 0 to ${COUNT_MAX}`,
};
const oneOf = (...values: readonly unknown[]): Rule => ({
  isFine: (value) => values.includes(value),
  must: `must be one of ${values.join(', ')}`,
});

const REQUIRED: readonly (readonly [keyof Item, Rule])[] = [
  [
    'service',
    {
      isFine: (value) => isText(value) && isServiceName(String(value)),
      must: 'must be a service’s name',
    },
  ],
  [
    'version',
    { isFine: (value) => isText(value) && isVersion(String(value)), must: 'must be a version' },
  ],
  ['success', { isFine: isBoolean, must: 'must be true or false' }],
];
const OPTIONAL: readonly (readonly [keyof Item, Rule])[] = [
  ['error', text],
  ['latency_ms', upTo(LATENCY_MS_MAX)],
  ['tool_calls', count],
  ['tool_failures', count],
  ['injections', count],
  ['unexpected_tools', count],
  ['cost_usd', upTo(COST_USD_MAX)],
  ['goal_reached', { isFine: isBoolean, must: 'must be true or false' }],
  ['feedback', oneOf('positive', 'neutral', 'negative', 1, 0, -1)],
  ['key', text],
  ['session', text],
  ['assigned', oneOf('split', 'pinned', 'tester')],
  ['timestamp', { isFine: isTime, must: 'must be ISO 8601 with a zone, or epoch milliseconds' }],
];

export function readItem(value: unknown, caller: Caller, at: Instant): Result<AgentLog, Wrong> {
  const wrong = whatIsWrong(value);
  if (wrong) return no(wrong);
  // Each field was looked at just now.
  const item = value as Item;
  const service = qualifiedName(caller, item.service);
  if (service === undefined) {
    return no({ field: 'service', problem: `the token is for environment ${caller.environment}` });
  }
  if ((item.tool_failures ?? 0) > (item.tool_calls ?? 0)) {
    return no({ field: 'tool_failures', problem: 'must not be more than tool_calls' });
  }
  const then = readTimestamp(item.timestamp, at);
  if (!then.ok) return no({ field: 'timestamp', problem: then.refusal });
  return yes(logOf(item, service, then.value));
}

function whatIsWrong(item: unknown): Wrong | undefined {
  if (!isRecord(item)) return { field: WHOLE_ITEM, problem: 'must be a JSON object' };
  for (const [field, { isFine, must }] of REQUIRED) {
    if (!isFine(item[field])) return { field, problem: must };
  }
  for (const [field, { isFine, must }] of OPTIONAL) {
    const value = item[field];
    if (isGiven(value) && !isFine(value)) return { field, problem: must };
  }
  return undefined;
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

function isTime(value: unknown): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  return typeof value === 'string' && ISO_WITH_ZONE.test(value) && !Number.isNaN(Date.parse(value));
}
