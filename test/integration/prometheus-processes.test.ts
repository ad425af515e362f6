// Totals stay true while processes start again, come and go: against the real Prometheus.

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPrometheusReader } from '#adapters/metrics/prometheus.ts';
import type { Counts } from '#domain/evidence.ts';
import type { Instant } from '#domain/time.ts';
import type { MetricsQuestion } from '#operations/metrics-source.ts';
import { noon } from '#test/support/builders.ts';
import { nativePage } from '#test/support/native-histogram.ts';
import { type Exporter, startExporter, until, whyNoPrometheus } from '#test/support/prometheus.ts';
import { type ScrapedAgents, startScrapedAgents } from '#test/support/scraped-agents.ts';

const missing = whyNoPrometheus();
let agents: ScrapedAgents;
let exporter: Exporter;

if (missing && process.env.CI !== 'true') {
  console.warn(`Not tested here: ${missing}`);
  test(missing, () => expect(missing).toBeDefined());
} else {
  beforeAll(async () => {
    if (missing) throw new Error(missing);
    exporter = await startExporter();
    agents = await startScrapedAgents(exporter.port);
    await agents.settled();
  });
  afterAll(async () => {
    await agents?.stop();
    await exporter?.stop();
  });
  describe('agents that Prometheus scrapes', processes);
  describe('native histograms', natives);
}

function processes() {
  let services = 0;

  function setup() {
    services += 1;
    const service = `agent-${services}`;
    const reader = createPrometheusReader();
    const pod = (name: string) => `${service}-${name}`;
    const serve = (name: string, requests: number, version = '2.3.3') =>
      agents.serve({ service, version, pod: pod(name), requests, latencyMs: 700 });
    const question = (at: Instant): MetricsQuestion => ({
      ...{ service, environment: 'production', candidate: '2.4.0', stable: '2.3.3' },
      ...{ metrics: { ...agents.metrics, scrapeIntervalMs: 2_000 } },
      ...{ customGuards: [], pollMs: 60_000, at },
    });
    const read = async (from = reader) => {
      const reading = await from.read(question(await agents.settled()));
      if (reading.says === 'unknown') throw new Error(reading.detail);
      return reading;
    };
    const requests = async () => (await read()).stable.requests;
    return { pod, serve, read, requests, question, reader };
  }

  test('lose nothing and double nothing when one of them leaves', async () => {
    const { serve, requests, pod } = setup();
    serve('a', 1_000);
    serve('b', 1_000);
    expect(await requests()).toBe(0);
    agents.leave(pod('b'));
    serve('a', 5);
    expect(await requests()).toBe(5);
  });

  test('count from zero when they are born, and the growth when they start again', async () => {
    const { serve, requests, pod } = setup();
    serve('a', 1_000);
    expect(await requests()).toBe(0);
    serve('b', 7);
    expect(await requests()).toBe(7);
    agents.restart(pod('a'));
    serve('a', 3);
    expect(await requests()).toBe(10);
  });

  test('are not born again by coming back after failed scrapes', async () => {
    const { serve, requests, pod } = setup();
    serve('a', 1_000);
    serve('b', 1_000);
    expect(await requests()).toBe(0);
    agents.leave(pod('b'));
    expect(await requests()).toBe(0);
    agents.comeBack(pod('b'));
    serve('b', 4);
    expect(await requests()).toBe(4);
  });

  test('are not born when they were away at the first look only', async () => {
    const { serve, requests, pod } = setup();
    serve('a', 1_000);
    serve('b', 1_000);
    await agents.settled();
    // Prometheus is asked what it remembers in steps as wide as a scrape interval.
    await pause(2_100);
    agents.leave(pod('b'));
    expect(await requests()).toBe(0);
    agents.comeBack(pod('b'));
    serve('b', 4);
    expect(await requests()).toBe(4);
  });

  test('keep the buckets of latency when they come back, or are born', async () => {
    const { serve, read, pod } = setup();
    serve('a', 20);
    serve('b', 20);
    expect(counted((await read()).stable)).toBe(0);
    agents.leave(pod('b'));
    await read();
    serve('c', 3);
    agents.comeBack(pod('b'));
    const { stable } = await read();
    expect(counted(stable)).toBe(3);
    expect(slower(stable, 300)).toBe(3);
  });

  test('stand still when all of one version are gone, as after a rollback', async () => {
    const { serve, read, pod } = setup();
    serve('a', 10);
    serve('c', 10, '2.4.0');
    await read();
    serve('c', 2, '2.4.0');
    await read();
    agents.leave(pod('c'));
    serve('a', 1);
    const after = await read();
    expect(after.stable.requests).toBe(1);
    expect(after.candidate.requests).toBe(2);
  });

  test('are stale when their last samples are old, though Prometheus still serves them', async () => {
    const { question, reader } = setup();
    const { service, candidate } = question(noon);
    const at = await agents.serveInThePast([{ service, version: candidate }], 30_000);
    const reading = await reader.read(question(at));
    expect(reading).toMatchObject({ says: 'unknown', reason: 'stale' });
  });

  test('are counted from zero again by a reader that starts again', async () => {
    const { serve, read } = setup();
    serve('a', 10);
    await read();
    serve('a', 30);
    expect((await read()).stable.requests).toBe(30);
    const restarted = createPrometheusReader();
    expect((await read(restarted)).stable.requests).toBe(0);
    serve('a', 2);
    expect((await read(restarted)).stable.requests).toBe(2);
  });
}

function natives() {
  let services = 0;

  function setup() {
    services += 1;
    const name = `native_${services}_seconds`;
    const reader = createPrometheusReader();
    const read = async (observed: Observed) => {
      exporter.show(() => pageOf(name, observed));
      const total = Object.values(observed).flat().length;
      const isScraped = async () =>
        (await agents.prometheus.onlyValue(`sum(histogram_count(${name}))`)) === total;
      expect(await until(isScraped, 10_000)).toBe(true);
      const at = await agents.prometheus.sampledAt(name);
      const selector = `${name}{version="$version"}`;
      const reading = await reader.read({
        ...{ service: 'support-agent', environment: 'production', at },
        ...{ candidate: '2.4.0', stable: '2.3.3', customGuards: [], pollMs: 60_000 },
        metrics: {
          ...agents.metrics,
          scrapeIntervalMs: 2_000,
          queries: { requests: `histogram_count(${selector})`, latency_bucket: selector },
        },
      });
      if (reading.says === 'unknown') throw new Error(reading.detail);
      return reading.stable;
    };
    return { name, read };
  }

  test('are read bucket by bucket, process by process', async () => {
    const { read } = setup();
    expect(counted(await read({ a: [0.1, 0.24], b: [3] }))).toBe(0);

    const grown = await read({ a: [0.1, 0.24, 0.25, 0.4, 5], b: [0.02] });
    expect(counted(grown)).toBe(4);
    // 500 ms is a bound of every native histogram, and only the 5 s lie above it.
    expect(slower(grown, 500)).toBe(1);
    expect(slower(grown, 250)).toBe(2);

    const joined = await read({ a: [0.1, 0.24, 0.25, 0.4, 5], b: [0.02], c: [0.9] });
    expect(counted(joined)).toBe(5);
    expect(slower(joined, 500)).toBe(2);
  });

  test('of a process that was away at the first look only are not born', async () => {
    const { name, read } = setup();
    exporter.show(() => pageOf(name, { a: [0.1], b: [0.1, 0.2, 0.9] }));
    // Prometheus is asked what it remembers in steps as wide as a scrape interval.
    await pause(2_600);
    expect(counted(await read({ a: [0.1] }))).toBe(0);
    // This server cannot tell what the buckets held before, so their growth counts from now on.
    const back = await read({ a: [0.1], b: [0.1, 0.2, 0.9, 0.9] });
    expect(back.requests).toBe(1);
    expect(counted(back)).toBe(0);
    const after = await read({ a: [0.1], b: [0.1, 0.2, 0.9, 0.9, 0.9] });
    expect(slower(after, 500)).toBe(1);
  });
}

type Observed = Readonly<Record<string, readonly number[]>>;

const pageOf = (name: string, observed: Observed) => {
  const series = Object.entries(observed).map(([pod, values]) => ({
    labels: { version: '2.3.3', pod },
    observed: values,
  }));
  return nativePage({ name, series, schema: 3 });
};

const counted = ({ latency_ms }: Counts) =>
  (latency_ms?.counts ?? []).reduce((sum, count) => sum + count, 0);

function slower({ latency_ms }: Counts, limit: number): number {
  const { bounds, counts } = latency_ms ?? { bounds: [], counts: [] };
  expect(bounds).toContain(limit);
  return counts.reduce((sum, count, i) => ((bounds[i - 1] ?? 0) >= limit ? sum + count : sum), 0);
}
