import { expect, test } from 'vitest';
import { type AgentLog, LATENCY_BOUNDS_MS } from '#domain/agent-log.ts';
import type { Counts } from '#domain/evidence.ts';
import { countLogs } from '#domain/roll-up.ts';
import { packCounts, packWindow, unpackCounts, unpackWindow } from '#store/log-counts.ts';
import { noon } from '#test/support/builders.ts';

const agentLog = (about: Partial<AgentLog>): AgentLog => ({
  service: 'support-agent',
  version: '2.4.0',
  at: noon,
  success: true,
  toolCalls: 2,
  toolFailures: 0,
  injections: 0,
  unexpectedTools: 0,
  assigned: 'split',
  ...about,
});

const reported = countLogs([
  agentLog({ latencyMs: 420, costUsd: 0.012 }),
  agentLog({ latencyMs: 7_000, success: false }),
]);
const aHistogram = (bounds: readonly number[]) => ({
  bounds,
  counts: [...bounds, 0].map((_, bucket) => bucket),
});
const otherBounds = LATENCY_BOUNDS_MS.with(-1, 10 ** 9);
const scraped: Counts = {
  requests: 412,
  errors: 3,
  latency_ms: { bounds: [100, 250, 1_000], counts: [10, 300, 100, 2] },
};

const stored = (counts: Counts) => JSON.stringify(packWindow(counts));

test.each([
  ['what agents reported', reported],
  ['what Prometheus counted, with bounds of its own', scraped],
  ['what a source counts in part', { requests: 5 }],
  ['what agents reported, with its users', { ...reported, keys: 2 }],
  ['costs in bounds of another version', { ...reported, cost_usd: aHistogram([0.1, 0.2]) }],
  ['as many bounds, but others', { ...reported, latency_ms: aHistogram(otherBounds) }],
  ['no costs at all', { ...reported, cost_usd: undefined }],
  ['no goals at all', { ...reported, goals: undefined }],
  ['an arm that never reported', { ...reported, requests: 0, latency_ms: undefined }],
])('a window comes back exactly as it was saved: %s', (_, counts) => {
  const whole = JSON.parse(JSON.stringify(counts)) as Counts;
  expect(unpackWindow(JSON.parse(stored(whole)), 'window 1')).toEqual(whole);
});

test('what was not counted is stored as nothing and read as zero', () => {
  expect(packCounts({ requests: 5, errors: 0 })).toEqual({
    ...{ bounds: 1, counters: { requests: 5 }, latency: [], cost: [] },
  });
  const read = unpackCounts({ bounds: 1, counters: {}, latency: [], cost: [] });
  expect(read).toEqual(countLogs([]));
});

test('a window of agent logs does not hold the hundred bounds that never change', () => {
  expect(stored(reported).length).toBeLessThan(300);
});

test('a window that an older version saved in full is still read', () => {
  expect(unpackWindow(JSON.parse(JSON.stringify(reported)), 'window 1')).toEqual(reported);
});

test('a row that is no counts at all is said so by name', () => {
  expect(() => unpackWindow({ nothing: true }, 'window 12/3')).toThrow('window 12/3');
});
