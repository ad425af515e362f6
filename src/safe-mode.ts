/**
 * What runs while the database cannot be opened, wired of the same parts as `compose.ts`: agents are
 * answered as they were last, kills are taken into the journal by every way, and whatever else is
 * asked is told why not.
 */
import { randomUUID } from 'node:crypto';
import { createAgentPorts } from '#adapters/agents/agent-ports.ts';
import { startAgentServer } from '#adapters/agents/agent-server.ts';
import { createAgentTelemetry } from '#adapters/agents/agent-telemetry.ts';
import { obedienceOf } from '#adapters/agents/obedience.ts';
import { createPipeline } from '#adapters/agents/pipeline.ts';
import { createSnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import { answerControl } from '#adapters/answer-control.ts';
import { controlPath, listenForControl } from '#adapters/control-socket.ts';
import { pageSafeMode } from '#adapters/escalation/webhook.ts';
import type { Log } from '#adapters/log.ts';
import { createSpans } from '#adapters/otel/spans.ts';
import { createSlackApp } from '#adapters/slack/inbound/app.ts';
import { createTelemetry, slackObserver } from '#adapters/telemetry.ts';
import { servedTraffic } from '#adapters/traffic/pull.ts';
import type { Config, SlackConfig } from '#config.ts';
import type { Settings } from '#domain/settings.ts';
import { isSwitchOn, type Snapshot, switchName } from '#domain/snapshot.ts';
import { asInstant, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import { recallKills } from '#operations/throw-kill-switch.ts';
import type { Scrub } from '#operations/withhold-secrets.ts';
import { outage } from '#store/outage.ts';
import type { Journal } from '#store/port.ts';
import { createUnopenedQueries, createUnopenedStore } from '#store/unopened.ts';

export type SafeModeOptions = {
  readonly config: Config;
  readonly slack: SlackConfig;
  readonly journal: Journal;
  readonly settings: () => Settings;
  readonly scrub: Scrub;
  readonly log: Log;
  /** What agents were answered last. */
  readonly snapshot: Snapshot;
  /** What is wrong with the database. */
  readonly why: string;
};

export async function runInSafeMode(options: SafeModeOptions) {
  const { config, slack, journal, settings, scrub, log, why } = options;
  const snapshots = createSnapshotHolder(options.snapshot);
  const telemetry = createTelemetry();
  const base = {
    store: createUnopenedStore(why),
    queries: createUnopenedQueries(why),
    clock: () => asInstant(Date.now()),
    monotonicMs: () => performance.now(),
    ...{ journal, snapshots, settings, scrub, log, override: snapshots, uniqueId: randomUUID },
    serviceNames: () => [...settings().services.keys()],
  };
  recallKills(base);
  telemetry.safeMode.set(1);
  telemetry.beforeScrape(() => telemetry.killsPending.set(journal.pending().length));

  const { killOn, refuseKillOff, ...ports } = createAgentPorts(base);
  const agents = await startAgentServer(
    {
      ...{ ...base, killOn, refuseKillOff, pipeline: createPipeline(ports) },
      tokens: config.agentTokens,
      ingest: async () => {
        throw outage('DATABASE_UNOPENED', why);
      },
      health: () => ({ dead: [], unready: [problemLine(why)] }),
      telemetry: createAgentTelemetry(telemetry.agents.pushed),
      scrape: telemetry.scrape,
    },
    { host: config.host, port: config.agentPort },
  );
  const inForce = 'acts: agents are told to stop';
  const usualName = (typed: string) => switchName(snapshots.current(), typed);
  const control = await listenForControl(controlPath(config.databasePath), async (request) =>
    request.to === 'accept'
      ? {
          ok: false,
          words: `Nothing was done. ${problemLine(why)}`,
        }
      : await answerControl({ ...base, usualName, inForce }, request),
  );
  const app = createSlackApp({
    // Nothing is let through in safe mode, wherever it is asked.
    channelId: () => undefined,
    ...base,
    slack: { ...slack, host: config.host, port: config.port },
    obedienceOf: (name) => obedienceOf(agents, snapshots, name),
    answered: {
      isKilled: async (name) => isSwitchOn(snapshots.current(), name),
      trafficOf: async (service) => servedTraffic(snapshots.current(), service),
    },
    dice: Math.random,
    // Whoever mends the database reads the log; nothing is collected meanwhile.
    inSpan: createSpans().inSpan,
    observe: slackObserver(telemetry),
  });
  await app.start();
  const text = `🛑 ${problemLine(why)}`;
  const since = base.clock();
  const observePage = (outcome: 'sent' | 'failed') => telemetry.pages.inc({ outcome });
  const telling = [
    keepTelling(log, () => app.client.chat.postMessage({ channel: settings().channel, text })),
    keepTelling(log, () => pageSafeMode({ settings, observePage }, text, since)),
  ];
  // A kill of the command line acts here as well.
  const look = setInterval(() => recallKills(base), SECOND_MS / 4);

  return {
    stop: async () => {
      clearInterval(look);
      for (const { stop } of telling) stop();
      await app.stop();
      await control.close();
      await agents.close();
    },
  };
}

/** No outbox can owe it, so it is tried here until it is told. */
function keepTelling(log: Log, tell: () => Promise<unknown>): { readonly stop: () => void } {
  const tryOnce = () =>
    tell()
      .then(() => clearInterval(timer))
      .catch((err: unknown) => log.warn({ err }, 'Safe mode could not be told; it is tried again'));
  const timer = setInterval(() => void tryOnce(), MINUTE_MS);
  void tryOnce();
  return { stop: () => clearInterval(timer) };
}

const problemLine = (why: string) =>
  `Signalman runs in safe mode: its database cannot be used (${why}). Agents are answered as they were last, kill switches can be thrown, and everything else waits. Repair it as docs/operations.md says under “Safe mode”, then start Signalman again.`;
