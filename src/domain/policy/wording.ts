/** Numbers as people read them. */
import type { GuardName } from '#domain/guard.ts';
import { inWords, MINUTE_MS } from '#domain/time.ts';
import type { LineFigures, Tally } from '#domain/verdict.ts';

/** `2 977`, with a space between thousands. */
export const whole = (count: number) => String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ' ');

/** `16.7 %`; small shares keep enough digits to be told apart. */
export function percent(share: number): string {
  const value = share * 100;
  const digits = value === 0 || value >= 0.095 ? 1 : 3;
  return `${value.toFixed(digits)} %`;
}

/** A limit as it was written: `5 %`, not `5.0 %`. */
export const limitPercent = (share: number) => `${Number((share * 100).toPrecision(6))} %`;

export const evidence = (log: number) => {
  const value = Math.exp(log);
  if (value > 1e6) return 'more than a million';
  if (value >= 99.95) return whole(value);
  if (value < 0.001) return 'below 0.001';
  return value >= 0.095 ? value.toFixed(1) : value.toPrecision(1);
};

export const minutes = (ms: number) => {
  const count = ms / MINUTE_MS;
  if (!Number.isInteger(count) || count < 1 || count > 120) return inWords(ms);
  return count === 1 ? '1 minute' : `${count} minutes`;
};

const SPOKEN: Readonly<Record<GuardName, string>> = {
  error_rate: 'error rate',
  success_rate: 'success rate',
  latency_avg_ms: 'average latency',
  latency_p95_ms: 'p95 latency',
  latency_p99_ms: 'p99 latency',
  tool_failure_rate: 'tool failure rate',
  prompt_injection_rate: 'prompt injection rate',
  unexpected_tool_rate: 'unexpected tool rate',
  cost_per_request_usd: 'cost per request',
  goal_completion_rate: 'goal completion rate',
  negative_feedback_rate: 'negative feedback rate',
};

const isKnown = (name: string): name is GuardName => Object.hasOwn(SPOKEN, name);

/** A guard as people say it: `p95 latency`; an own probe without its prefix. */
export const guardName = (name: string) =>
  isKnown(name) ? SPOKEN[name] : name.replace(/^custom_/, '').replaceAll('_', ' ');

type Noun = { readonly did: string; readonly of: string };

const NOUNS: Readonly<Record<GuardName, Noun>> = {
  error_rate: { did: 'failed', of: 'requests' },
  success_rate: { did: 'failed', of: 'requests' },
  latency_avg_ms: { did: 'took', of: 'requests' },
  latency_p95_ms: { did: 'was too slow in', of: 'requests' },
  latency_p99_ms: { did: 'was too slow in', of: 'requests' },
  tool_failure_rate: { did: 'failed', of: 'tool calls' },
  prompt_injection_rate: { did: 'showed prompt injections in', of: 'requests' },
  unexpected_tool_rate: { did: 'used unexpected tools in', of: 'requests' },
  cost_per_request_usd: { did: 'cost', of: 'requests' },
  goal_completion_rate: { did: 'missed the goal in', of: 'sessions' },
  negative_feedback_rate: { did: 'got negative feedback in', of: 'ratings' },
};

export const nounOf = (guard: string): Noun =>
  NOUNS[guard as GuardName] ?? { did: 'was bad in', of: 'observations' };

const shareOf = ({ bad, observations }: Tally) => (observations > 0 ? bad / observations : 0);

/** `failed 5 of 30 requests (16.7 %)`, or `took 812 ms on average over 30 requests`. */
export function didWhat(line: LineFigures, tally: Tally, isFirst = true): string {
  const { did, of } = nounOf(line.guard);
  const count = whole(tally.observations);
  if (line.cap !== undefined)
    return `${did} ${amount(line.guard, shareOf(tally))} on average over ${count}${isFirst ? ` ${of}` : ''}`;
  const slow =
    line.slowerThan === undefined ? did : `was slower than ${whole(line.slowerThan)} ms in`;
  const verb = isFirst || line.slowerThan === undefined ? slow : 'was in';
  return `${verb} ${whole(tally.bad)} of ${count}${isFirst ? ` ${of}` : ''} (${percent(shareOf(tally))})`;
}

/** `41.2 % of 85 requests`, or `812 ms over 85 requests`. */
export function rateOf(line: LineFigures, tally: Tally): string {
  const { of } = nounOf(line.guard);
  if (tally.observations === 0) return `nothing of 0 ${of}`;
  const value =
    line.cap === undefined ? percent(shareOf(tally)) : amount(line.guard, shareOf(tally));
  return `${value} ${line.cap === undefined ? 'of' : 'over'} ${whole(tally.observations)} ${of}`;
}

/** The limit of a line: `5 %`, `1 800 ms at p95`, `$0.02`. */
export function limitOf({ guard, limit = 0, cap }: LineFigures): string {
  if (guard.startsWith('latency_p')) return `${whole(limit)} ms at ${guard.slice(8, 11)}`;
  if (cap !== undefined || guard.startsWith('latency') || guard.startsWith('cost'))
    return amount(guard, limit);
  const isLeast = guard === 'success_rate' || guard === 'goal_completion_rate';
  return limitPercent(isLeast ? 1 - limit : limit);
}

/** Is stable over the limit too? Then the cause is probably elsewhere. */
export const stableShare = (line: LineFigures, tally: Tally) => {
  const value = shareOf(tally);
  return line.cap === undefined ? percent(value) : amount(line.guard, value);
};

function amount(guard: string, value: number): string {
  if (guard.startsWith('cost')) return `$${value.toPrecision(3)}`;
  return `${whole(value)} ms`;
}
