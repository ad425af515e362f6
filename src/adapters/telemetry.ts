import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type Telemetry = ReturnType<typeof createTelemetry>;
export type AgentTelemetry = Telemetry['agents'];

const ACK_BUCKETS_SECONDS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 3];
const PUSH_BUCKETS_SECONDS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1];

/**
 * What Signalman says of itself. Labels hold services, guards, codes and routes, never people and
 * never what a caller typed: the number of series stays bounded whoever calls.
 */
export function createTelemetry() {
  const registry = new Registry();
  const registers = [registry];
  let refreshGauges = () => {};
  collectDefaultMetrics({ register: registry });

  const { counter, gauge, histogram, tally } = metersOf(registry);

  return {
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
    killsPending: gauge('kills_pending', 'Kills that act and are not committed yet.', []),
    outboxDepth: gauge('outbox_depth', 'Effects owed and not yet carried out.', []),
    outboxAge: gauge('outbox_age_seconds', 'Age of the oldest owed effect.', []),
    slackCalls: counter('slack_calls_total', 'Calls of Slack by outcome.', ['method', 'outcome']),
    pages: counter('pages_total', 'Alerts sent to the second channel.', ['outcome']),
    slackTokenRefused: gauge('slack_token_refused', 'Is 1 while Slack refuses the token.', []),
    slackAcks: histogram(
      'slack_ack_seconds',
      'Time until Slack was answered.',
      ACK_BUCKETS_SECONDS,
    ),
    agents: {
      requests: tally('agent_requests_total', 'Requests on the agents’ port.', ['route', 'status']),
      evaluations: tally('evaluations_total', 'Evaluations, labelled as OpenTelemetry does.', [
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
      streams: gauge('streams', 'Open event streams.', ['environment']),
      push: histogram(
        'push_seconds',
        'From a change to the last stream told.',
        PUSH_BUCKETS_SECONDS,
      ),
      usage: counter('usage_total', 'Decisions that Unleash’s SDKs report.', [
        'feature',
        'answer',
        'environment',
      ]),
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

  const tally = (name: string, help: string, labelNames: string[]) =>
    createTally(registry, { name: `signalman_${name}`, help, labelNames });

  return { counter, gauge, histogram, tally };
}

/** Counts what happens at every request. */
export type Tally = { readonly add: (...labels: readonly string[]) => void };

/**
 * A counter for the hot path: it adds to a plain number and hands the sums to the registry when
 * somebody scrapes, which costs a tenth of counting in the registry each time.
 */
function createTally(
  registry: Registry,
  { name, help, labelNames }: { name: string; help: string; labelNames: string[] },
): Tally {
  const root: Branch = new Map();
  new Counter({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, times } of leavesOf(root, labelNames)) this.inc(labels, times);
    },
  });
  return {
    add: (...values) => {
      let branch = root;
      for (const value of values.slice(0, -1)) branch = branchOf(branch, value);
      const last = values.at(-1) ?? '';
      const times = branch.get(last);
      branch.set(last, typeof times === 'number' ? times + 1 : 1);
    },
  };
}

/** One level a label, so that counting builds no text to look up. */
type Branch = Map<string, Branch | number>;

function branchOf(branch: Branch, value: string): Branch {
  const known = branch.get(value);
  if (known instanceof Map) return known;
  const fresh: Branch = new Map();
  branch.set(value, fresh);
  return fresh;
}

function* leavesOf(
  branch: Branch,
  labelNames: readonly string[],
): Generator<{ readonly labels: Record<string, string>; readonly times: number }> {
  const [name = '', ...rest] = labelNames;
  for (const [value, next] of branch) {
    if (typeof next === 'number') {
      yield { labels: { [name]: value }, times: next };
      continue;
    }
    for (const { labels, times } of leavesOf(next, rest)) {
      yield { labels: { [name]: value, ...labels }, times };
    }
  }
}
