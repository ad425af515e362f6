/** Sets going what `compose.ts` has wired: what listens, what repeats, and how all of it stops. */
import { setTimeout } from 'node:timers/promises';
import { keepSnapshot } from '#adapters/agents/keep-snapshot.ts';
import type { AgentsThread } from '#adapters/agents/thread/start-agents-thread.ts';
import { answerAccept, answerControl } from '#adapters/answer-control.ts';
import { controlPath, listenForControl } from '#adapters/control-socket.ts';
import { exportToCollector } from '#adapters/otel/export-to-collector.ts';
import { startCron, startSchedule } from '#adapters/scheduler.ts';
import { secretsToHide } from '#adapters/scrubber.ts';
import { watchDisk } from '#adapters/watch-disk.ts';
import type { ComposeOptions, Signalman } from '#compose.ts';
import type { Config } from '#config.ts';
import { switchName } from '#domain/snapshot.ts';
import { MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import { giveBackMemory } from '#give-back.ts';
import { tellDoubt } from '#operations/doubt-register.ts';
import { keepSettling } from '#operations/keep-settling.ts';
import { oweDigest } from '#operations/owe-digest.ts';
import { prune } from '#operations/prune.ts';
import { recallKills } from '#operations/throw-kill-switch.ts';
import { snapshotPath } from '#store/snapshot-file.ts';

export type Running = Awaited<ReturnType<typeof run>>;

/** How often to look whether a checkpoint is due by the clock, or has to be tried again. */
const LOOK_MS = 5 * SECOND_MS;

/** Starts what listens and what repeats, and gives back how to stop all of it. */
export async function run(signalman: Signalman, { config, settings, log }: ComposeOptions) {
  const { app, reconciler, poll, startAgents, tables, telemetry, clock, monotonicMs } = signalman;
  const { checkpoints } = signalman;
  recallKills(signalman);
  const agents = await startAgents();
  const collector = await tellCollector(signalman, agents, config);
  const usualName = (typed: string) => switchName(signalman.snapshots.current(), typed);
  const inForce = 'acts: agents are told to stop';
  const control = await listenForControl(controlPath(config.databasePath), (request) =>
    request.to === 'accept'
      ? answerAccept(signalman.accept, request)
      : answerControl({ ...signalman, usualName, inForce }, request),
  );
  const settling = keepSettling(signalman);
  const watching = watchDisk(signalman);
  const keeping = keepSnapshot(signalman, snapshotPath(config.databasePath));
  await app.start();
  const onMissed = () => telemetry.pollsMissed.inc();
  const begin = () => {
    const { poll: cron, pollMs, digest } = settings();
    const polling = { cron, intervalMs: pollMs, run: poll };
    const tellDigest = () => oweDigest(signalman);
    return [
      startSchedule({ monotonicMs, log, onMissed }, polling),
      ...(digest === undefined ? [] : [startCron({ log }, { cron: digest, run: tellDigest })]),
    ];
  };
  const end = () => Promise.all(schedules.map(({ stop }) => stop()));
  let schedules = begin();
  const wake = setInterval(reconciler.wake, SECOND_MS / 4);
  const tidy = setInterval(() => {
    try {
      prune(tables, settings(), clock);
    } catch (err) {
      log.warn({ err }, 'Old rows could not be removed');
    }
  }, MINUTE_MS);
  const look = setInterval(checkpoints.look, LOOK_MS);
  await tellDoubt(signalman.accept);
  void checkpoints.renew();
  reconciler.wake();
  giveBackMemory();
  return {
    agentPort: agents.port,
    /** The configuration may have other secrets now, and another rhythm. */
    followSettings: async () => {
      agents.hide(secretsToHide(config.secrets, settings()));
      await end();
      schedules = begin();
    },
    stop: async () => {
      clearInterval(wake);
      clearInterval(tidy);
      settling.stop();
      watching.stop();
      await keeping.stop();
      clearInterval(look);
      await end();
      await app.stop();
      // What is still owed stays owed; a Slack that does not answer must not keep us here.
      await Promise.race([reconciler.idle(), setTimeout(SECOND_MS, undefined, { ref: false })]);
      await control.close();
      await collector?.stop();
      await agents.close();
      // A disk that hangs must not keep us here either.
      await Promise.race([checkpoints.renew(), setTimeout(SECOND_MS, undefined, { ref: false })]);
    },
  };
}

/** Off unless the environment names a collector. */
const tellCollector = async (
  { spans, telemetry, log }: Signalman,
  { counted }: AgentsThread,
  { otel }: Config,
) =>
  otel &&
  (await exportToCollector(
    { counted, spans, log, observe: (outcome) => telemetry.otelExports.inc(outcome) },
    otel,
  ));
