/** What a collector of OpenTelemetry gets over the wire, and what becomes of us when it is away. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { createAgentTelemetry } from '#adapters/agents/agent-telemetry.ts';
import { exportToCollector } from '#adapters/otel/export-to-collector.ts';
import type { OtelConfig } from '#adapters/otel/otel-config.ts';
import { createSpans, traceChanges } from '#adapters/otel/spans.ts';
import { readConfig } from '#config.ts';
import { steerService } from '#operations/steer-service.ts';
import { ana, start } from '#test/support/builders.ts';
import { ground } from '#test/support/slack-bot.ts';

type Taken = { readonly path: string; readonly authorization: string; readonly body: string };

/** Takes what it is sent, or refuses it for good. */
async function collector(status = 200) {
  const taken: Taken[] = [];
  const server = createServer(async (request, response) => {
    const { url: path = '', headers } = request;
    taken.push({ path, authorization: headers.authorization ?? '', body: await text(request) });
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    taken,
    sent: (path: string) => taken.filter((one) => one.path === path).map(({ body }) => body),
  };
}

const SECRET = 'a-secret-of-the-collector';

async function exporting(endpoint: string, more: Partial<OtelConfig> = {}) {
  const config = readConfig({
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${SECRET}`,
    OTEL_TRACES_EXPORTER: 'otlp',
  });
  if (!config.ok || !config.value.otel) throw new Error('the environment names a collector');
  const agents = createAgentTelemetry(() => {});
  const spans = createSpans();
  const base = await ground();
  const outcomes: string[] = [];
  const { stop } = await exportToCollector(
    {
      counted: async () => agents.counted(),
      spans,
      observe: ({ signal, outcome }) => outcomes.push(`${signal} ${outcome}`),
      log: base.log,
    },
    { ...config.value.otel, ...more },
  );
  const store = traceChanges(base.store, spans);
  const propose = () =>
    spans.inSpan('slack command', {}, () =>
      steerService(
        { ...base, store, serviceNames: () => [] },
        { service: 'support-agent', intent: start() },
      ),
    );
  return { ...base, agents, spans, outcomes, stop, propose, secrets: config.value.secrets };
}

test('a collector gets evaluations under the names of the conventions, and spans without people', async () => {
  const { url, taken, sent } = await collector();
  const { agents, propose, stop, outcomes, secrets } = await exporting(url);
  agents.evaluations.addTimes(3, 'support-agent.version', 'candidate', 'SPLIT', 'production');
  await propose();
  await propose();
  await stop();

  const [metrics = ''] = sent('/v1/metrics');
  const [point] = JSON.parse(metrics).resourceMetrics[0].scopeMetrics[0].metrics[0].sum.dataPoints;
  expect(point.asInt).toBe(3);
  expect(attributesOf(point)).toEqual({
    'feature_flag.key': 'support-agent.version',
    'feature_flag.result.variant': 'candidate',
    'feature_flag.result.reason': 'split',
    'feature_flag.provider.name': 'signalman',
    'feature_flag.set.id': 'production',
  });
  const [traces = ''] = sent('/v1/traces');
  const { spans } = JSON.parse(traces).resourceSpans[0].scopeSpans[0];
  const [change, command, again] = spans;
  expect(spans.map(({ name }: { name: string }) => name)).toEqual([
    ...['change service', 'slack command', 'change service', 'slack command'],
  ]);
  expect(change.parentSpanId).toBe(command.spanId);
  expect(attributesOf(change)).toMatchObject({
    'signalman.name': 'support-agent',
    'signalman.action': 'start',
    'signalman.outcome': 'done',
  });
  expect(attributesOf(again)).toMatchObject({
    'signalman.outcome': 'refused',
    'signalman.refusal': 'release_in_progress',
  });
  expect(taken.map(({ authorization }) => authorization)).toContain(`Bearer ${SECRET}`);
  expect(secrets).toContain(SECRET);
  const all = taken.map(({ body }) => body).join('');
  expect(all).not.toContain(ana.actor.id);
  expect(outcomes.toSorted()).toEqual(['metrics sent', 'traces sent']);
});

test('a collector that refuses is told of once, and nothing waits for it', async () => {
  const { url } = await collector(400);
  const often = { metricsEveryMs: 100 };
  const { agents, propose, stop, outcomes, logged } = await exporting(url, often);
  agents.evaluations.add('new-tone', 'on', 'SPLIT', 'production');
  expect((await propose()).ok).toBe(true);
  await expect
    .poll(() => outcomes.filter((one) => one === 'metrics failed').length, { timeout: 10_000 })
    .toBeGreaterThan(1);
  await stop();
  expect(outcomes).toContain('traces failed');
  expect(logged.map(({ level, message }) => `${level}: ${message}`)).toEqual([
    'warn: The collector of OpenTelemetry takes nothing',
    'warn: The collector of OpenTelemetry takes nothing',
  ]);
});

test('a collector that is away keeps nobody, not even at the end', async () => {
  const { propose, stop } = await exporting('http://127.0.0.1:9');
  expect((await propose()).ok).toBe(true);
  const startedAt = performance.now();
  await stop();
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

test('what fails is a span with the kind of its error, and without its words', async () => {
  const { url, sent } = await collector();
  const { spans, stop } = await exporting(url);
  const work = () => Promise.reject(new TypeError('xoxb-secret'));
  await expect(spans.inSpan('poll', {}, work)).rejects.toThrow('xoxb-secret');
  await stop();
  const [traces = ''] = sent('/v1/traces');
  expect(traces).toContain('TypeError');
  expect(traces).not.toContain('xoxb-secret');
});

type Attributed = { readonly attributes: readonly { key: string; value: object }[] };
const attributesOf = ({ attributes }: Attributed) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
