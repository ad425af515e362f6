import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import {
  AGENT_COUNTERS,
  type AgentCounts,
  type AgentTelemetry,
  type Series,
} from '#adapters/agents/agent-telemetry.ts';

const PUSH_BUCKETS_SECONDS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1];

/** What the agents' port counts, under the names that Prometheus scrapes. */
export function registerAgentMetrics(registry: Registry) {
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[]) => {
    const mirror = new Counter({ name: `signalman_${name}`, help, labelNames, registers });
    return (series: readonly Series[]) => {
      mirror.reset();
      for (const { labels, value } of series) mirror.inc(labelled(labelNames, labels), value);
    };
  };
  const counters = {
    requests: counter('agent_requests_total', 'Requests on the agents’ port.', ['route', 'status']),
    evaluations: counter('evaluations_total', 'Evaluations, labelled as OpenTelemetry does.', [
      'feature_flag_key',
      'feature_flag_result_variant',
      'feature_flag_result_reason',
      'environment',
    ]),
    lacksCandidate: counter('lacks_candidate_total', 'Agents that cannot run the candidate.', [
      'key',
      'environment',
    ]),
    logs: counter('agent_logs_total', 'Agent logs taken.', []),
    unknownLogs: counter('agent_logs_unknown_total', 'Agent logs of an unknown version.', [
      'service',
      'version',
    ]),
    badBatches: counter('agent_log_batches_refused_total', 'Batches refused.', ['reason']),
    usage: counter('usage_total', 'Decisions that Unleash’s SDKs report.', [
      'feature',
      'answer',
      'environment',
    ]),
  };
  const streams = new Gauge({
    name: 'signalman_streams',
    help: 'Open event streams.',
    labelNames: ['environment'],
    registers,
  });
  const push = new Histogram({
    name: 'signalman_push_seconds',
    help: 'From a change to the last stream told.',
    buckets: PUSH_BUCKETS_SECONDS,
    registers,
  });
  const pushed: AgentTelemetry['pushed'] = (seconds) => push.observe(seconds);
  return {
    pushed,
    /** The sums are handed over when somebody scrapes: at each request it would cost ten times as much. */
    take: (counts: AgentCounts) => {
      for (const name of AGENT_COUNTERS) counters[name](counts.counters[name]);
      for (const { labels, value } of counts.streams)
        streams.set(labelled(['environment'], labels), value);
    },
  };
}

const labelled = (names: readonly string[], values: readonly string[]) =>
  Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']));
