/**
 * Sends a collector of OpenTelemetry what it may want: how often flags were evaluated, and spans.
 * The packages for that are loaded here, so that whoever has no collector does not pay for them.
 */
import { setTimeout } from 'node:timers/promises';
import type { ObservableResult, Attributes as OtelAttributes } from '@opentelemetry/api';
import type { AgentCounts } from '#adapters/agents/agent-telemetry.ts';
import type { OtelConfig } from '#adapters/otel/otel-config.ts';
import type { Spans } from '#adapters/otel/spans.ts';
import { SECOND_MS } from '#domain/time.ts';
import type { Logger } from '#operations/logger.ts';

export type Signal = 'metrics' | 'traces';

export type CollectorDeps = {
  /** What was evaluated since the start. */
  readonly counted: () => Promise<AgentCounts>;
  readonly spans: Pick<Spans, 'collectWith'>;
  readonly observe: (export_: {
    readonly signal: Signal;
    readonly outcome: 'sent' | 'failed';
  }) => void;
  readonly log: Logger;
};

const SCOPE = 'signalman';
const TIMEOUT_MS = 5 * SECOND_MS;
/** Flags times answers times reasons times environments. */
const SERIES_MAX = 20_000;
const STOP_MS_MAX = SECOND_MS;

export async function exportToCollector(
  deps: CollectorDeps,
  config: OtelConfig,
): Promise<{ readonly stop: () => Promise<void> }> {
  const stops = [
    ...(config.metrics ? [await exportMetrics(deps, config)] : []),
    ...(config.traces ? [await exportTraces(deps, config)] : []),
  ];
  return {
    // A collector that does not answer must not keep us here.
    stop: async () => {
      const all = Promise.all(stops.map((stop) => stop().catch(() => {})));
      await Promise.race([all, setTimeout(STOP_MS_MAX, undefined, { ref: false })]);
    },
  };
}

async function exportMetrics(deps: CollectorDeps, config: OtelConfig) {
  const { MeterProvider, PeriodicExportingMetricReader } = await import(
    '@opentelemetry/sdk-metrics'
  );
  const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-http');
  const { ValueType } = await import('@opentelemetry/api');
  const exporter = new OTLPMetricExporter(addressOf(config, 'metrics'));
  watch(exporter, deps, 'metrics');
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: config.metricsEveryMs,
    exportTimeoutMillis: Math.min(TIMEOUT_MS, config.metricsEveryMs),
    cardinalityLimits: { observableCounter: SERIES_MAX },
  });
  const provider = new MeterProvider({ resource: await resourceOf(config), readers: [reader] });
  provider
    .getMeter(SCOPE)
    .createObservableCounter('signalman.evaluations', {
      description: 'Evaluations of flags, kill switches and versions.',
      unit: '{evaluation}',
      valueType: ValueType.INT,
    })
    .addCallback(async (result) => tellEvaluations(result, await deps.counted()));
  return () => provider.shutdown();
}

/** Under the names of the semantic conventions for feature flags, which name no metric yet. */
function tellEvaluations(
  result: ObservableResult<OtelAttributes>,
  { counters }: AgentCounts,
): void {
  for (const { labels, value } of counters.evaluations) {
    const [key = '', variant = '', reason = '', environment = ''] = labels;
    result.observe(value, {
      'feature_flag.key': key,
      'feature_flag.result.variant': variant,
      'feature_flag.result.reason': reason.toLowerCase(),
      'feature_flag.provider.name': SCOPE,
      'feature_flag.set.id': environment,
    });
  }
}

async function exportTraces(deps: CollectorDeps, config: OtelConfig) {
  const { BatchSpanProcessor, TracerProvider } = await import('@opentelemetry/sdk-trace');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { ROOT_CONTEXT, trace } = await import('@opentelemetry/api');
  const exporter = new OTLPTraceExporter(addressOf(config, 'traces'));
  watch(exporter, deps, 'traces');
  const provider = new TracerProvider({
    resource: await resourceOf(config),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer(SCOPE);
  deps.spans.collectWith((name, attributes, around) => {
    const context = around ? trace.setSpan(ROOT_CONTEXT, around) : ROOT_CONTEXT;
    return tracer.startSpan(name, { attributes }, context);
  });
  return () => provider.shutdown();
}

const addressOf = ({ endpoint, headers }: OtelConfig, signal: Signal) => ({
  url: `${endpoint}/v1/${signal}`,
  headers: { ...headers },
  timeoutMillis: TIMEOUT_MS,
});

async function resourceOf({ serviceName }: OtelConfig) {
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  return resourceFromAttributes({ 'service.name': serviceName });
}

type Exporter<Data> = {
  export: (data: Data, done: (result: { code: number; error?: Error }) => void) => void;
};

/** A collector that is away is told of once, and once again when it is back. */
function watch<Data>(
  exporter: Exporter<Data>,
  { observe, log }: CollectorDeps,
  signal: Signal,
): void {
  const send = exporter.export.bind(exporter);
  let isAway = false;
  exporter.export = (data, done) =>
    send(data, (result) => {
      const isSent = result.code === 0;
      observe({ signal, outcome: isSent ? 'sent' : 'failed' });
      if (!isSent && !isAway)
        log.warn({ signal, err: result.error }, 'The collector of OpenTelemetry takes nothing');
      if (isSent && isAway) log.info({ signal }, 'The collector of OpenTelemetry is back');
      isAway = !isSent;
      done(result);
    });
}
