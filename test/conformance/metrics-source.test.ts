// Every metrics source answers the same questions about the same traffic.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPrometheusReader } from '#adapters/metrics/prometheus.ts';
import type { Counts, Reading } from '#domain/evidence.ts';
import type { MetricsSource } from '#domain/plan.ts';
import { type Instant, MINUTE_MS } from '#domain/time.ts';
import type { MetricsQuestion, MetricsReader } from '#operations/metrics-source.ts';
import { whyNoPrometheus } from '#test/support/prometheus.ts';
import { startReportingAgents } from '#test/support/reporting-agents.ts';
import { type Served, startScrapedAgents } from '#test/support/scraped-agents.ts';

type Bench = {
  readonly reader: MetricsReader;
  readonly metrics: MetricsSource;
  readonly serve: (served: Served) => void | Promise<void>;
  /** A moment by which the source knows all that was served, later than all asked about before. */
  readonly settled: () => Promise<Instant>;
  /** One after the other in a stretch of its own; resolves to the end of the last. */
  readonly serveInThePast: (served: readonly Served[], widthMs: number) => Promise<Instant>;
  readonly stop: () => Promise<void>;
};
type Driver = {
  readonly name: string;
  readonly whyMissing: () => string | undefined;
  readonly start: () => Promise<Bench>;
};

const drivers: readonly Driver[] = [
  {
    name: 'Prometheus',
    whyMissing: whyNoPrometheus,
    start: async () => ({ ...(await startScrapedAgents()), reader: createPrometheusReader() }),
  },
  {
    name: 'The log of agents',
    whyMissing: () => undefined,
    start: async () => startReportingAgents(),
  },
];

describe.each(drivers)('$name as a metrics source', ({ whyMissing, start }) => {
  const missing = whyMissing();
  if (missing && process.env.CI !== 'true') {
    console.warn(`Not tested here: ${missing}`);
    return void test(missing, () => expect(missing).toBeDefined());
  }

  let bench: Bench;
  let service = 0;
  beforeAll(async () => {
    if (missing) throw new Error(missing);
    bench = await start();
  });
  afterAll(() => bench?.stop());

  /** A service that no other test knows, with two versions. */
  function setup() {
    service += 1;
    const name = `agent-${service}`;
    const serve = (version: string, served: Omit<Served, 'version'> = {}) =>
      bench.serve({ service: name, pod: `${name}-${version}`, version, ...served });
    const question = (at: Instant, over: Partial<MetricsQuestion> = {}): MetricsQuestion => ({
      service: name,
      environment: 'production',
      candidate: '2.4.0',
      stable: '2.3.3',
      metrics: bench.metrics,
      customGuards: [],
      pollMs: 60_000,
      at,
      ...over,
    });
    const read = async (over?: Partial<MetricsQuestion>) =>
      bench.reader.read(question(await bench.settled(), over));
    return { name, serve, question, read };
  }

  test('knows nothing of a service that never served', async () => {
    const { read } = setup();
    expect(await read()).toMatchObject({ says: 'unknown', reason: 'empty' });
  });

  test('counts between two readings what both versions served', async () => {
    const { serve, read } = setup();
    serve('2.3.3', { requests: 7, toolCalls: 1 });
    serve('2.4.0', { toolCalls: 1 });
    const before = counted(await read());
    serve('2.3.3', { requests: 90, toolCalls: 2 });
    serve('2.3.3', { requests: 3, failed: true });
    serve('2.4.0', { requests: 10, toolCalls: 3, toolFailures: 1 });
    const after = counted(await read());

    const growth = (arm: 'candidate' | 'stable') => grown(before[arm], after[arm]);
    expect(growth('stable')).toMatchObject({ requests: 93, errors: 3, tool_calls: 180 });
    expect(growth('candidate')).toMatchObject({
      ...{ requests: 10, errors: 0, tool_calls: 30, tool_failures: 10 },
    });
  });

  test('counts the first failure a version ever had', async () => {
    const { serve, read } = setup();
    serve('2.3.3');
    serve('2.4.0');
    const before = counted(await read());
    serve('2.4.0', { failed: true });
    const after = counted(await read());
    expect(grown(before.candidate, after.candidate)).toMatchObject({ requests: 1, errors: 1 });
    expect(grown(before.stable, after.stable)).toMatchObject({ requests: 0, errors: 0 });
  });

  test('sorts latencies in milliseconds and costs in dollars', async () => {
    const { serve, read } = setup();
    serve('2.3.3', { latencyMs: 200, costUsd: 0.5 });
    const before = counted(await read());
    serve('2.3.3', { requests: 5, latencyMs: 250, costUsd: 0.05 });
    serve('2.3.3', { requests: 2, latencyMs: 2_000, costUsd: 0.5 });
    const after = counted(await read());

    expect(above(after.stable, 'latency_ms', 1_000)).toBe(
      above(before.stable, 'latency_ms', 1_000) + 2,
    );
    expect(above(after.stable, 'latency_ms', 100)).toBe(
      above(before.stable, 'latency_ms', 100) + 7,
    );
    expect(above(after.stable, 'cost_usd', 0.1)).toBe(above(before.stable, 'cost_usd', 0.1) + 2);
  });

  test('lets a version without traffic stand at zero while the other one serves', async () => {
    const { serve, read } = setup();
    serve('2.3.3');
    const before = counted(await read());
    serve('2.3.3', { requests: 5 });
    const after = counted(await read());
    expect(grown(before.stable, after.stable)).toMatchObject({ requests: 5 });
    expect(after.candidate).toMatchObject({ requests: 0 });
  });

  test('counts a version from its very first request', async () => {
    const { serve, read } = setup();
    serve('2.3.3');
    await read();
    serve('2.4.0', { requests: 4 });
    const after = counted(await read());
    expect(after.candidate).toMatchObject({ requests: 4 });
  });

  test('answers the same for the same moment', async () => {
    const { serve, question } = setup();
    serve('2.3.3', { requests: 3 });
    const at = await bench.settled();
    const first = await bench.reader.read(question(at));
    expect(await bench.reader.read(question(at))).toEqual(first);
    expect(first).toMatchObject({ says: 'counted', at });
  });

  test('keeps environments apart', async () => {
    const { serve, read } = setup();
    serve('2.3.3');
    const before = counted(await read());
    serve('2.3.3', { requests: 50, environment: 'staging' });
    const after = counted(await read());
    expect(after.stable).toEqual(before.stable);
  });

  test('tells what stable counted in past windows, oldest first', async () => {
    const { name, question } = setup();
    const requests = [4, 2, 8];
    const served = requests.map((count) => ({ service: name, version: '2.3.3', requests: count }));
    const at = await bench.serveInThePast(served, MINUTE_MS);
    const past = await bench.reader.history(question(at), requests.length, MINUTE_MS);
    expect(past.map((window) => window.requests)).toEqual(requests);
  });

  test('has no past of a service that never served', async () => {
    const { question } = setup();
    expect(await bench.reader.history(question(await bench.settled()), 3, MINUTE_MS)).toEqual([]);
  });
});

function counted(reading: Reading) {
  if (reading.says === 'unknown') throw new Error(`${reading.reason}: ${reading.detail}`);
  return reading;
}

const NAMES = ['requests', 'errors', 'tool_calls', 'tool_failures'] as const;
const grown = (before: Counts, after: Counts) =>
  Object.fromEntries(NAMES.map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)]));

function above(counts: Counts, name: 'latency_ms' | 'cost_usd', limit: number): number {
  const { bounds, counts: buckets } = counts[name] ?? { bounds: [], counts: [] };
  expect(bounds).toContain(limit);
  return buckets.reduce((sum, count, i) => ((bounds[i - 1] ?? 0) >= limit ? sum + count : sum), 0);
}
