// Agents as Prometheus sees them: what they served stands on one page, pod by pod.

import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { MetricsSource } from '#domain/plan.ts';
import { type Instant, later } from '#domain/time.ts';
import {
  type Exporter,
  type Prometheus,
  startExporter,
  startPrometheus,
  until,
} from '#test/support/prometheus.ts';

export type Served = {
  readonly version: string;
  readonly service?: string;
  readonly environment?: string;
  readonly pod?: string;
  readonly requests?: number;
  readonly failed?: boolean;
  readonly latencyMs?: number;
  readonly costUsd?: number;
  readonly toolCalls?: number;
  readonly toolFailures?: number;
};

export type ScrapedAgents = {
  readonly url: string;
  readonly metrics: MetricsSource & { source: 'prometheus' };
  readonly exporter: Exporter;
  readonly prometheus: Prometheus;
  readonly serve: (served: Served) => void;
  /** The pod is no longer on the page, as if it had been taken away. */
  readonly leave: (pod: string) => void;
  /** Its counters begin again at zero with the next request. */
  readonly restart: (pod: string) => void;
  /** Pods come back on the page with the counters they had. */
  readonly comeBack: (pod: string) => void;
  /** A moment by which Prometheus knows all that was served. */
  readonly settled: () => Promise<Instant>;
  /** One after the other in the middle of a stretch of its own; resolves to the end of the last. */
  readonly serveInThePast: (served: readonly Served[], widthMs: number) => Promise<Instant>;
  readonly stop: () => Promise<void>;
};

const LABELS = 'service="$service",environment="$environment",version="$version"';
const QUERIES = {
  requests: `agent_requests_total{${LABELS}}`,
  errors: `agent_requests_total{${LABELS},outcome="failed"} or 0 * agent_requests_total{${LABELS}}`,
  tool_calls: `agent_tool_calls_total{${LABELS}}`,
  tool_failures: `agent_tool_failures_total{${LABELS}}`,
  latency_bucket: `agent_latency_seconds_bucket{${LABELS}}`,
  cost_bucket: `agent_cost_usd_bucket{${LABELS}}`,
};

/** Prometheus looks for its targets only every five seconds, so tests share one where they can. */
export async function startScrapedAgents(
  ...otherTargets: readonly number[]
): Promise<ScrapedAgents> {
  const pods = new Map<string, Pod>();
  const gone = new Set<string>();
  const exporter = await startExporter();
  const test = new Registry();
  const round = new Gauge({ name: 'round', help: 'of the test', registers: [test] });
  let rounds = 0;
  let past = '';
  exporter.show(async () => {
    const shown = [...pods].filter(([name]) => !gone.has(name)).map(([, { registry }]) => registry);
    const pages = await Promise.all([test, ...shown].map((registry) => registry.metrics()));
    return { type: Registry.PROMETHEUS_CONTENT_TYPE, body: [...pages, past].join('\n') };
  });
  const prometheus = await startPrometheus([exporter.port, ...otherTargets]);
  const podOf = (name: string) => {
    const pod = pods.get(name) ?? startPod(name);
    pods.set(name, pod);
    return pod;
  };
  const settled = async () => {
    rounds += 1;
    round.set(rounds);
    const isScraped = async () => (await prometheus.onlyValue('round')) === rounds;
    if (!(await until(isScraped, 10_000))) throw new Error('Prometheus did not scrape in time');
    return prometheus.sampledAt('round');
  };
  return {
    url: prometheus.url,
    metrics: {
      source: 'prometheus',
      url: prometheus.url,
      queries: QUERIES,
      // Far longer than the real one, since a busy machine may scrape late.
      scrapeIntervalMs: 10_000,
    },
    exporter,
    prometheus,
    serve: (served) => podOf(served.pod ?? `${served.version}-a`).serve(served),
    leave: (pod) => gone.add(pod),
    comeBack: (pod) => gone.delete(pod),
    restart: (pod) => pods.set(pod, startPod(pod)),
    settled,
    serveInThePast: async (served, widthMs) => {
      const end = await settled();
      const start = later(end, -served.length * widthMs);
      past = pastLine(served[0], 1, start);
      await settled();
      let total = 1;
      for (const [nth, one] of served.entries()) {
        total += one.requests ?? 1;
        past = pastLine(one, total, later(start, (nth + 0.5) * widthMs));
        await settled();
      }
      return end;
    },
    stop: async () => {
      await prometheus.stop();
      await exporter.stop();
    },
  };
}

/** A sample may name its own time, so that a test need not wait for the past. */
function pastLine(served: Served | undefined, total: number, at: Instant): string {
  const { service, environment = 'production', version } = served ?? {};
  const labels = `service="${service}",environment="${environment}",version="${version}"`;
  return `agent_requests_total{${labels},pod="past"} ${total} ${at}\n`;
}

type Pod = { readonly registry: Registry; readonly serve: (served: Served) => void };

function startPod(pod: string): Pod {
  const registry = new Registry();
  registry.setDefaultLabels({ pod });
  const names = ['service', 'environment', 'version'] as const;
  const registers = [registry];
  const help = 'of the test';
  const requests = new Counter({
    ...{ name: 'agent_requests_total', help, registers },
    labelNames: [...names, 'outcome'],
  });
  const calls = new Counter({ name: 'agent_tool_calls_total', help, registers, labelNames: names });
  const failures = new Counter({
    ...{ name: 'agent_tool_failures_total', help, registers },
    labelNames: names,
  });
  const latency = new Histogram({
    ...{ name: 'agent_latency_seconds', help, registers, labelNames: names },
    buckets: [0.1, 0.3, 1, 3],
  });
  const cost = new Histogram({
    ...{ name: 'agent_cost_usd', help, registers, labelNames: names },
    buckets: [0.01, 0.1, 1],
  });
  const serve = (served: Served) => {
    const { version, service = 'support-agent', environment = 'production' } = served;
    const labels = { service, environment, version };
    const times = served.requests ?? 1;
    requests.inc({ ...labels, outcome: served.failed ? 'failed' : 'done' }, times);
    calls.inc(labels, times * (served.toolCalls ?? 0));
    failures.inc(labels, times * (served.toolFailures ?? 0));
    for (let nth = 0; nth < times; nth += 1) {
      if (served.latencyMs !== undefined) latency.observe(labels, served.latencyMs / 1_000);
      if (served.costUsd !== undefined) cost.observe(labels, served.costUsd);
    }
  };
  return { registry, serve };
}
