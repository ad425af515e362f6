import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Scrape } from '#adapters/agents/agent-deps.ts';
import { registerAgentMetrics } from '#adapters/agents/agent-metrics.ts';
import type { AgentCounts } from '#adapters/agents/agent-telemetry.ts';
import { SECOND_MS } from '#domain/time.ts';

export type Telemetry = ReturnType<typeof createTelemetry>;

const ACK_BUCKETS_SECONDS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 3];

/**
 * What Signalman says of itself. Labels hold services, guards, codes and routes, never people and
 * never what a caller typed: the number of series stays bounded whoever calls.
 */
export function createTelemetry() {
  const registry = new Registry();
  const registers = [registry];
  let refreshGauges = () => {};
  collectDefaultMetrics({ register: registry });

  const { counter, gauge, histogram } = metersOf(registry);

  const telemetry = {
    registry,
    /** Gauges that mirror the store are set when somebody looks, so that they never drift from it. */
    beforeScrape: (refresh: () => void) => {
      refreshGauges = refresh;
    },
    releases: new Gauge({
      name: 'signalman_releases',
      help: 'Releases by phase.',
      labelNames: ['phase'],
      registers,
      // The first of the gauges to be collected, so the others are fresh when their turn comes.
      collect: () => refreshGauges(),
    }),
    verdicts: counter('verdicts_total', 'Verdicts by what they say and why.', ['says', 'reason']),
    rollbacks: counter('rollbacks_total', 'Rollbacks by service and by whom.', ['service', 'by']),
    polls: counter('polls_total', 'Polls of the metrics by outcome.', ['outcome']),
    pollsMissed: counter('polls_missed_total', 'Polls the watchdog had to run.', []),
    diskFree: gauge('disk_free_ratio', 'Share of the disk of the database that is free.', []),
    ballastGone: gauge('ballast_gone', '1 while the disk is full and only stops are written.', []),
    safeMode: gauge('safe_mode', '1 while the database cannot be used.', []),
    killsPending: gauge('kills_pending', 'Kills that act and are not committed yet.', []),
    outboxDepth: gauge('outbox_depth', 'Effects owed and not yet carried out.', []),
    outboxAge: gauge('outbox_age_seconds', 'Age of the oldest owed effect.', []),
    checkpoints: counter('checkpoints_total', 'Checkpoints written, by outcome.', ['outcome']),
    registerInDoubt: gauge('register_in_doubt', '1 while nothing may go forward.', []),
    slackCalls: counter('slack_calls_total', 'Calls of Slack by outcome.', ['method', 'outcome']),
    otelExports: counter('otel_exports_total', 'What a collector was sent, by outcome.', [
      'signal',
      'outcome',
    ]),
    pages: counter('pages_total', 'Alerts sent to the second channel.', ['outcome']),
    slackTokenRefused: gauge('slack_token_refused', 'Is 1 while Slack refuses the token.', []),
    slackAcks: histogram(
      'slack_ack_seconds',
      'Time until Slack was answered.',
      ACK_BUCKETS_SECONDS,
    ),
    agents: registerAgentMetrics(registry),
  };
  return {
    ...telemetry,
    /** The page for Prometheus, with what the agents' port counted until now. */
    scrape: async (counts: AgentCounts): Promise<Scrape> => {
      telemetry.agents.take(counts);
      return { contentType: registry.contentType, page: await registry.metrics() };
    },
  };
}

/** One way to make each kind, all of them with our prefix. */
function metersOf(registry: Registry) {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name: `signalman_${name}`, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Gauge({ name: `signalman_${name}`, help, labelNames, registers });
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `signalman_${name}`, help, buckets, registers });

  return { counter, gauge, histogram };
}

export const slackObserver = (telemetry: Telemetry) => ({
  ack: ({ ms }: { readonly ms: number }) => telemetry.slackAcks.observe(ms / SECOND_MS),
  call: ({ method, outcome }: { readonly method: string; readonly outcome: string }) =>
    telemetry.slackCalls.inc({ method, outcome }),
});
