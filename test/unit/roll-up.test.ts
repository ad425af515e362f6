import { describe, expect, test } from 'vitest';
import { type AgentLog, COST_BOUNDS_USD, LATENCY_BOUNDS_MS } from '#domain/agent-log.ts';
import { addRollUps, countLogs, histogram, rollUp } from '#domain/roll-up.ts';
import { asInstant, MINUTE_MS } from '#domain/time.ts';

const noon = asInstant(Date.UTC(2026, 10, 20, 12));

const aLog = (log: Partial<AgentLog> = {}): AgentLog => ({
  service: 'support-agent',
  version: '2.4.0',
  at: noon,
  success: true,
  toolCalls: 0,
  toolFailures: 0,
  injections: 0,
  unexpectedTools: 0,
  assigned: 'split',
  ...log,
});

describe('bounds', () => {
  test.each([
    ['latency', LATENCY_BOUNDS_MS],
    ['cost', COST_BOUNDS_USD],
  ])('of %s rise, by at most a fifth where limits are set', (_, bounds) => {
    const rises = bounds.slice(1).map((bound, at) => bound / (bounds[at] ?? 0));
    expect(Math.min(...rises)).toBeGreaterThan(1);
    expect(Math.max(...rises.slice(3))).toBeLessThan(1.2);
  });

  test('hold the limits people write', () => {
    for (const limit of [100, 250, 500, 1_000, 1_500, 1_800, 2_000, 2_500, 5_000, 30_000]) {
      expect(LATENCY_BOUNDS_MS).toContain(limit);
    }
    for (const limit of [0.001, 0.0012, 0.01, 0.05, 0.1, 1, 2.5]) {
      expect(COST_BOUNDS_USD).toContain(limit);
    }
  });
});

test('an observation on a bound belongs to it, one above all of them has a bucket of its own', () => {
  const latencies = [0, 1, 1.01, 2, 600_000, 600_001, undefined];
  const logs = latencies.map((latencyMs) =>
    aLog(latencyMs === undefined ? {} : { latencyMs, costUsd: latencyMs }),
  );
  const { latency_ms, cost_usd } = countLogs(logs);
  expect(latency_ms?.counts.slice(0, 3)).toEqual([2, 2, 0]);
  expect(latency_ms?.counts.slice(-2)).toEqual([1, 1]);
  expect(cost_usd?.counts[0]).toBe(1);
  expect(cost_usd?.counts.at(-1)).toBe(2);
});

test('observations are sorted into buckets, and what was not observed into none', () => {
  expect(histogram([1, 10], [0.5, 1, 5, 11, undefined])).toEqual({
    bounds: [1, 10],
    counts: [2, 1, 1],
  });
});

test('a request counts once for what happened in it, however often it happened', () => {
  const counts = countLogs([
    aLog({ injections: 3, unexpectedTools: 2, toolCalls: 4, toolFailures: 1 }),
    aLog({ success: false, goalReached: false, feedback: 'negative' }),
    aLog({ goalReached: true, feedback: 'neutral', latencyMs: 1_800 }),
  ]);
  expect(counts).toMatchObject({
    requests: 3,
    errors: 1,
    tool_calls: 4,
    tool_failures: 1,
    injections: 1,
    unexpected_tools: 1,
    goals: 2,
    goals_missed: 1,
    feedback: 2,
    negative_feedback: 1,
  });
  expect(counts.latency_ms?.counts[LATENCY_BOUNDS_MS.indexOf(1_800)]).toBe(1);
});

test('a batch becomes one row a service, version, way of assignment and minute', () => {
  const rows = rollUp([
    aLog(),
    aLog(),
    aLog({ assigned: 'tester' }),
    aLog({ version: '2.3.3' }),
    aLog({ at: asInstant(noon + MINUTE_MS + 7) }),
  ]);
  expect(
    rows.map(({ version, assigned, minute, counts }) => [
      version,
      assigned,
      minute - noon,
      counts.requests,
    ]),
  ).toEqual([
    ['2.4.0', 'split', 0, 2],
    ['2.4.0', 'tester', 0, 1],
    ['2.3.3', 'split', 0, 1],
    ['2.4.0', 'split', MINUTE_MS, 1],
  ]);
});

test('batches that are rolled up apart add up to what they are together', () => {
  const here = [aLog({ key: 'anna' }), aLog({ success: false }), aLog({ version: '2.3.3' })];
  const there = [aLog({ key: 'ben' }), aLog(), aLog({ assigned: 'tester' })];
  const added = addRollUps([...rollUp(here), ...rollUp(there)]);
  expect(added).toEqual(rollUp([...here, ...there]));
});
