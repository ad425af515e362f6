/** Wires everything once. Nothing else builds what lives as long as the process. */
import { randomUUID } from 'node:crypto';
import { createAgentPorts } from '#adapters/agents/agent-ports.ts';
import { createPipeline } from '#adapters/agents/pipeline.ts';
import { createSnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import {
  type AgentsThread,
  type LogDoors,
  startAgentsThread,
} from '#adapters/agents/thread/start-agents-thread.ts';
import { createCarryOut } from '#adapters/carry-out.ts';
import { createCheckpointIssuer } from '#adapters/checkpoints/checkpoint-files.ts';
import { checkpointPlaces } from '#adapters/checkpoints/checkpoint-places.ts';
import { openGuardedStore } from '#adapters/checkpoints/guarded-store.ts';
import { createWebhook } from '#adapters/escalation/webhook.ts';
import type { Log } from '#adapters/log.ts';
import { createAgentLogsReader } from '#adapters/metrics/agent-logs.ts';
import { bySource } from '#adapters/metrics/by-source.ts';
import { createPrometheusReader } from '#adapters/metrics/prometheus.ts';
import { gaugesFromStore, observeCommits } from '#adapters/observe-commits.ts';
import { createSpans, traceChanges } from '#adapters/otel/spans.ts';
import { secretsToHide } from '#adapters/scrubber.ts';
import { createSlackApp } from '#adapters/slack/inbound/app.ts';
import { createSlackCarryOut } from '#adapters/slack/outbound/carry-out.ts';
import { channelSubject } from '#adapters/slack/outbound/subjects.ts';
import { createTelemetry, slackObserver, type Telemetry } from '#adapters/telemetry.ts';
import { createPullTraffic } from '#adapters/traffic/pull.ts';
import type { Config, SlackConfig } from '#config.ts';
import type { Settings } from '#domain/settings.ts';
import { emptySnapshot } from '#domain/snapshot.ts';
import { asInstant } from '#domain/time.ts';
import { countSealedLogs, ingestAgentLogs, ingestTogether } from '#operations/ingest-agent-logs.ts';
import { createCheckpointKeeper } from '#operations/keep-checkpoints.ts';
import { createPace, type Pace } from '#operations/pace.ts';
import { type PollDeps, pollServices } from '#operations/poll-services.ts';
import { snapshotOf, withCommit } from '#operations/publish-snapshot.ts';
import { createReconciler } from '#operations/reconcile.ts';
import { remindOfReviews } from '#operations/remind-of-reviews.ts';
import { type Scrub, withholdSecrets } from '#operations/withhold-secrets.ts';
import { ballastPath, createBallast } from '#store/ballast.ts';
import { journalPath } from '#store/journal.ts';
import type { Journal } from '#store/port.ts';
import { type AgentLogStore, createAgentLogStore } from '#store/sqlite/agent-log-store.ts';
import type { Database } from '#store/sqlite/database.ts';
import { createMessageLog } from '#store/sqlite/message-log.ts';
import { createOutbox } from '#store/sqlite/outbox.ts';
import { createPruner } from '#store/sqlite/prune.ts';
import { createQueries } from '#store/sqlite/queries.ts';
import { assertRoom, withBallast } from '#store/sqlite/with-ballast.ts';

export type ComposeOptions = {
  readonly config: Config;
  readonly slack: SlackConfig;
  readonly db: Database;
  readonly journal: Journal;
  readonly settings: () => Settings;
  readonly scrub: Scrub;
  readonly log: Log;
};

const AGENTS_THREAD = new URL('./agents-thread.ts', import.meta.url);

export type Signalman = ReturnType<typeof compose>;

/** What everything else is built on: the store, what agents read, and the clocks. */
function ground({ config, db, journal, settings, scrub, log }: ComposeOptions) {
  const places = checkpointPlaces(config.databasePath, settings().audit);
  const { store: guarded, tree, doubt } = openGuardedStore(db, places);
  const ballast = createBallast(ballastPath(config.databasePath));
  const spans = createSpans();
  const store = traceChanges(withBallast(withholdSecrets(guarded, scrub), ballast), spans);
  const queries = createQueries(db);
  const clock = () => asInstant(Date.now());
  const monotonicMs = () => performance.now();
  const snapshots = createSnapshotHolder(
    snapshotOf(emptySnapshot(settings().defaultEnvironment), queries),
  );
  const serviceNames = () => [...settings().services.keys()];
  const kills = { override: snapshots, journal, uniqueId: randomUUID };
  const register = { tree, places, doubt };
  const clocks = { clock, monotonicMs };
  const reads = { queries, snapshots, settings, serviceNames };
  return { store, ...reads, ...clocks, ...kills, ballast, register, scrub, spans, log };
}

type Ground = ReturnType<typeof ground>;

export function compose(options: ComposeOptions) {
  const { config, slack, db, settings, log } = options;
  const base = ground(options);
  const { store, clock, snapshots } = base;
  const telemetry = createTelemetry();
  const outbox = createOutbox(db);
  const logs = createAgentLogStore(db);
  const paced = createPace(base.monotonicMs);
  const defaultEnvironment = () => settings().defaultEnvironment;
  const metrics = bySource({
    'agent-logs': createAgentLogsReader({ logs, defaultEnvironment }),
    prometheus: createPrometheusReader(),
  });
  const messages = createMessageLog(db);
  const agents = Promise.withResolvers<AgentsThread>();

  const app = createSlackApp({
    ...base,
    slack: { ...slack, host: config.host, port: config.port },
    channelId: (name) => messages.find(channelSubject(name))?.channel,
    ...questionsFor(agents.promise),
    dice: Math.random,
    inSpan: base.spans.inSpan,
    observe: slackObserver(telemetry),
  });
  const toSlack = createSlackCarryOut({
    ...base,
    slack,
    operatorsOf: app.operatorsOf,
    messages,
    outbox,
    observe: slackObserver(telemetry).call,
    observeToken: (isTaken) => telemetry.slackTokenRefused.set(isTaken ? 0 : 1),
  });
  const carryOut = createCarryOut({
    ...base,
    traffic: createPullTraffic(async (service) => (await agents.promise).trafficOf(service)),
    secondChannel: createWebhook({
      settings,
      observePage: (outcome) => telemetry.pages.inc({ outcome }),
    }),
    slack: toSlack,
  });
  const reconciler = createReconciler({ outbox, carryOut, clock, log });

  store.onCommit((commit) => snapshots.update((snapshot) => withCommit(snapshot, commit)));
  store.onCommit(observeCommits(telemetry, log));
  store.onCommit(() => reconciler.wake());
  const { doubt } = base.register;
  const checkpoints = keepCheckpoints(base, telemetry);
  const accept = { store, clock, doubt, renew: checkpoints.renew };
  telemetry.beforeScrape(gaugesFromStore(telemetry, { ...base, outbox, doubt }));

  const poll = () => lookAtAll({ ...base, metrics, defaultEnvironment }, telemetry);
  const startAgents = async () => {
    const { killOn, refuseKillOff, ...ports } = createAgentPorts(base);
    const started = await startAgentsThread(
      {
        snapshots,
        killOn,
        refuseKillOff,
        pipeline: createPipeline(ports),
        tokens: config.agentTokens,
        logDoors: logDoors(base, logs, paced),
        telemetry,
        log,
      },
      agentsThreadOf(config, settings()),
    );
    agents.resolve(started);
    // What a crash left uncounted.
    await countSealedLogs({ logs, paced });
    return started;
  };
  const tables = { ...createPruner(db), agentLogs: logs.prune, logParts: logs.pruneParts };
  return { ...base, app, reconciler, poll, startAgents, tables, telemetry, checkpoints, accept };
}

/** At each poll: whatever has a time at which it is due is looked at. */
const lookAtAll = (deps: PollDeps & Ground, { polls }: Telemetry) =>
  deps.spans.inSpan('poll', {}, async () => {
    const { failed } = await pollServices(deps);
    polls.inc({ outcome: failed > 0 ? 'failed' : 'done' });
    await remindOfReviews(deps);
  });

const agentsThreadOf = (
  { host, agentPort, databasePath, secrets }: Config,
  settings: Settings,
) => ({
  file: AGENTS_THREAD,
  host,
  port: agentPort,
  journal: journalPath(databasePath),
  secrets: secretsToHide(secrets, settings),
});

const questionsFor = (agents: Promise<AgentsThread>) => ({
  obedienceOf: async (name: string) => (await agents).obedienceOf(name),
  answered: {
    isKilled: async (name: string) => (await agents).isKilled(name),
    trafficOf: async (service: string) => (await agents).trafficOf(service),
  },
});

function keepCheckpoints({ register, ...base }: Ground, telemetry: Telemetry) {
  const { tree, places, doubt } = register;
  const checkpoints = createCheckpointKeeper({
    ...base,
    tree,
    issue: createCheckpointIssuer(places, base.log),
    onOutcome: (outcome) => telemetry.checkpoints.inc({ outcome }),
    isInDoubt: () => doubt.current() !== undefined,
  });
  base.store.onCommit(checkpoints.onCommit);
  return checkpoints;
}

/** Where agents' logs come in; not while the room that is left is for stops. */
function logDoors(base: Ground, logs: AgentLogStore, paced: Pace): LogDoors {
  const knownVersions = (service: string) => versionsOf(base, service);
  const deps = { ...base, logs, paced, knownVersions };
  return {
    ingest: async (batch) => {
      assertRoom(base.ballast);
      return await ingestAgentLogs(deps, batch);
    },
    ingestTogether: (batches) => {
      assertRoom(base.ballast);
      return ingestTogether(deps, batches);
    },
    stageLogs: ({ batch, part, at }) => {
      assertRoom(base.ballast);
      logs.stage(batch, part, at);
    },
  };
}

function versionsOf(
  { queries, settings }: Ground,
  service: string,
): ReadonlySet<string> | undefined {
  if (!settings().services.has(service)) return undefined;
  const { stable, former = [], live } = queries.service(service) ?? {};
  const running = [stable, live?.facts.candidate].filter((version) => version !== undefined);
  return new Set([...running, ...former, ...queries.registeredVersions(service)]);
}
