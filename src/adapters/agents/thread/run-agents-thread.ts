import type { MessagePort } from 'node:worker_threads';
import type { AgentDeps, AgentLogger } from '#adapters/agents/agent-deps.ts';
import { startAgentServer } from '#adapters/agents/agent-server.ts';
import { createAgentTelemetry } from '#adapters/agents/agent-telemetry.ts';
import { obedienceOf } from '#adapters/agents/obedience.ts';
import { heedJournal } from '#adapters/agents/thread/heed-journal.ts';
import { createKillOn } from '#adapters/agents/thread/kill-here-first.ts';
import { type Line, openLine } from '#adapters/agents/thread/line.ts';
import { createPulse } from '#adapters/agents/thread/pulse.ts';
import { createSendBatch } from '#adapters/agents/thread/send-batch.ts';
import type { AgentsSide, AgentsThreadData, MainSide } from '#adapters/agents/thread/sides.ts';
import { createSnapshotMirror } from '#adapters/agents/thread/snapshot-mirror.ts';
import { createScrubber } from '#adapters/scrubber.ts';
import { servedTraffic } from '#adapters/traffic/pull.ts';
import { isSwitchOn } from '#domain/snapshot.ts';
import { openJournal } from '#store/journal.ts';

type Clocks = Pick<AgentDeps, 'clock' | 'monotonicMs'>;
type Given = Clocks & { readonly uniqueId: () => string };

/** Serves the agents' port in a thread of its own; what must be decided or stored it asks for. */
export function runAgentsThread(
  port: MessagePort,
  { snapshot, tokens, secrets, journal: path, ...where }: AgentsThreadData,
  { uniqueId, ...clocks }: Given,
): void {
  const mirror = createSnapshotMirror(snapshot);
  const onTrouble = (err: unknown) =>
    logThere(main).error({ err }, 'The emergency journal cannot be used');
  const journal = openJournal({ path, part: 'agents', onTrouble });
  const heeding = heedJournal(mirror, journal);
  const hidden = new Set(secrets);
  let scrub = createScrubber(secrets);
  const here: AgentsSide = {
    port: async () => (await server).port,
    follow: mirror.follow,
    hide: (more) => {
      for (const secret of more) hidden.add(secret);
      scrub = createScrubber([...hidden]);
    },
    obedienceOf: async (name) => obedienceOf(await server, mirror, name),
    trafficOf: (service) => servedTraffic(mirror.current(), service),
    isKilled: (name) => isSwitchOn(mirror.current(), name),
    counted: () => telemetry.counted(),
    close: async () => {
      pulse.stop();
      heeding.stop();
      await (await server).close();
      // Nothing is left to do, so the thread ends, and keeps what it compiled for the next start.
      port.unref();
    },
  };
  const main = openLine<MainSide>(port, here);
  const telemetry = createAgentTelemetry((seconds) => main.tell('pushed', seconds));
  const pulse = createPulse(() => main.ask('areYouThere'), clocks.monotonicMs);
  const server = startAgentServer(
    {
      ...clocks,
      snapshots: mirror,
      tokens: tokens.map(withBuffer),
      ingest: createSendBatch({ main, uniqueId, monotonicMs: clocks.monotonicMs }),
      killOn: createKillOn({
        ...{ mirror, journal, uniqueId, clock: clocks.clock },
        commit: (request) => main.ask('killOn', request),
      }),
      refuseKillOff: (request) => main.ask('refuseKillOff', request),
      pipeline: {
        registerVersion: (call) => main.ask('registerVersion', call),
        proposeRelease: (call) => main.ask('proposeRelease', call),
      },
      health: pulse.health,
      telemetry,
      scrape: (counts) => main.ask('scrape', counts),
      scrub: (value) => scrub(value),
      log: logThere(main),
    },
    where,
  );
  // Whoever asks for the port hears of it.
  server.catch(() => {});
}

/** A buffer arrives in another thread as plain bytes. */
const withBuffer = (token: AgentsThreadData['tokens'][number]) => ({
  ...token,
  secretHash: Buffer.from(token.secretHash),
});

const logThere = (main: Line<MainSide>): AgentLogger => ({
  info: (details, message) => main.tell('log', { level: 'info', details, message }),
  warn: (details, message) => main.tell('log', { level: 'warn', details, message }),
  error: (details, message) => main.tell('log', { level: 'error', details, message }),
});
