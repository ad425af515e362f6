import { describe, expect, test } from 'vitest';
import {
  didWhat,
  evidence,
  guardName,
  limitOf,
  limitPercent,
  minutes,
  percent,
  rateOf,
  stableShare,
  whole,
} from '#domain/policy/wording.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import type { LineFigures } from '#domain/verdict.ts';

const NONE = { observations: 0, bad: 0 };
const of = (guard: string, about: Partial<LineFigures> = {}): LineFigures => ({
  guard,
  against: 'limit',
  candidate: NONE,
  stable: NONE,
  inStep: { candidate: NONE, stable: NONE },
  logEvidence: 0,
  ...about,
});
const tally = (bad: number, observations: number) => ({ bad, observations });

test.each([
  [2.5, '3'],
  [999, '999'],
  [2_977, '2 977'],
  [1_234_567, '1 234 567'],
])('a count of %d is written “%s”', (count, words) => {
  expect(whole(count)).toBe(words);
});

test.each([
  [0, '0.0 %'],
  [1 / 6, '16.7 %'],
  [0.00095, '0.1 %'],
  [0.00094, '0.094 %'],
  [0.00001, '0.001 %'],
])('a share of %d is written “%s”, with digits enough to tell small ones apart', (share, words) => {
  expect(percent(share)).toBe(words);
});

test('a limit is written as people wrote it', () => {
  expect([0.05, 0.001, 1 - 0.95].map(limitPercent)).toEqual(['5 %', '0.1 %', '5 %']);
});

test.each([
  [2e6, 'more than a million'],
  [53_292, '53 292'],
  [99.96, '100'],
  [99.9, '99.9'],
  [0.1, '0.1'],
  [0.09, '0.09'],
  [0.001_1, '0.001'],
  [0.000_9, 'below 0.001'],
])('evidence of %d is written “%s”', (value, words) => {
  expect(evidence(Math.log(value))).toBe(words);
});

test.each([
  [0, '0 s'],
  [30 * SECOND_MS, '30 s'],
  [MINUTE_MS, '1 minute'],
  [90 * SECOND_MS, '1 min 30 s'],
  [2 * MINUTE_MS, '2 minutes'],
  [2 * HOUR_MS, '120 minutes'],
  [121 * MINUTE_MS, '2 h 1 min'],
])('%d ms are said as “%s”', (ms, words) => {
  expect(minutes(ms)).toBe(words);
});

test.each([
  ['latency_p95_ms', 'p95 latency'],
  ['custom_queue_lag', 'queue lag'],
  ['toString', 'toString'],
])('the guard %s is called “%s”', (name, words) => {
  expect(guardName(name)).toBe(words);
});

describe('what an arm did', () => {
  test.each([
    [of('error_rate'), tally(5, 30), 'failed 5 of 30 requests (16.7 %)'],
    [of('error_rate'), NONE, 'failed 0 of 0 requests (0.0 %)'],
    [of('tool_failure_rate'), tally(1, 4), 'failed 1 of 4 tool calls (25.0 %)'],
    [of('custom_lag'), tally(1, 2), 'was bad in 1 of 2 observations (50.0 %)'],
    [
      of('latency_p95_ms', { slowerThan: 1_000 }),
      tally(12, 60),
      'was slower than 1 000 ms in 12 of 60 requests (20.0 %)',
    ],
    [of('latency_p95_ms'), tally(12, 60), 'was too slow in 12 of 60 requests (20.0 %)'],
    [
      of('latency_avg_ms', { cap: 3_000 }),
      tally(24_360, 30),
      'took 812 ms on average over 30 requests',
    ],
    [
      of('cost_per_request_usd', { cap: 1 }),
      tally(0.369, 30),
      'cost $0.0123 on average over 30 requests',
    ],
  ])('%# is said in a sentence', (line, seen, words) => {
    expect(didWhat(line, seen)).toBe(words);
  });

  test.each([
    [of('error_rate'), tally(30, 2_977), 'failed 30 of 2 977 (1.0 %)'],
    [of('latency_p95_ms', { slowerThan: 1_000 }), tally(60, 3_000), 'was in 60 of 3 000 (2.0 %)'],
    [of('latency_avg_ms', { cap: 3_000 }), tally(24_360, 30), 'took 812 ms on average over 30'],
  ])('%# is said shortly of the second arm, after what the first one did', (line, seen, words) => {
    expect(didWhat(line, seen, false)).toBe(words);
  });
});

test.each([
  [of('error_rate'), NONE, 'nothing of 0 requests'],
  [of('error_rate'), tally(35, 85), '41.2 % of 85 requests'],
  [of('goal_completion_rate'), tally(1, 5), '20.0 % of 5 sessions'],
  [of('latency_avg_ms', { cap: 3_000 }), tally(69_020, 85), '812 ms over 85 requests'],
  [of('cost_per_request_usd', { cap: 1 }), tally(1.0455, 85), '$0.0123 over 85 requests'],
])('a rate is said with what it is a rate of: %#', (line, seen, words) => {
  expect(rateOf(line, seen)).toBe(words);
});

test.each([
  ['error_rate', 0.05, undefined, '5 %'],
  ['success_rate', 0.95, undefined, '5 %'],
  ['goal_completion_rate', 0.8, undefined, '20 %'],
  ['latency_p95_ms', 1_800, undefined, '1 800 ms at p95'],
  ['latency_p99_ms', 1_800, undefined, '1 800 ms at p99'],
  ['latency_avg_ms', 5_000, 50_000, '5 000 ms'],
  ['latency_avg_ms', 5_000, undefined, '5 000 ms'],
  ['cost_per_request_usd', 0.02, 0.2, '$0.0200'],
  ['cost_per_request_usd', 0.02, undefined, '$0.0200'],
])('the limit of %s is said as what may be bad, or in its unit', (guard, limit, cap, words) => {
  expect(limitOf(of(guard, { limit, ...(cap !== undefined && { cap }) }))).toBe(words);
});

test('what stable shows is a share, or an average in its unit', () => {
  expect(stableShare(of('error_rate'), tally(1, 100))).toBe('1.0 %');
  expect(stableShare(of('latency_avg_ms', { cap: 3_000 }), tally(700, 2))).toBe('350 ms');
});
