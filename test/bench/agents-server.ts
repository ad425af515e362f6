/** The servers under load, each in a process of its own: ours with everything on, and a bare one. */
import { createServer } from 'node:http';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { startAgentServer } from '#adapters/agents/agent-server.ts';
import { createAgentTelemetry } from '#adapters/agents/agent-telemetry.ts';
import { readAgentTokens } from '#adapters/agents/agent-token.ts';
import { GATE_LIMITS } from '#adapters/agents/gate.ts';
import { createPipeline } from '#adapters/agents/pipeline.ts';
import { createSnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import { createScrubber } from '#adapters/scrubber.ts';
import { createTelemetry } from '#adapters/telemetry.ts';
import { yes } from '#domain/result.ts';
import { emptySnapshot, withFlag, withKill, withService } from '#domain/snapshot.ts';
import { asInstant } from '#domain/time.ts';

export const SECRET = 'a-secret-for-the-benchmark';
const [kind = 'signalman', flagsText = '100', servicesText = '1'] = process.argv.slice(2);

const send = (message: object) => process.send?.(message);
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
};

/** What a bare server does for the same answer: read the body, parse it, write JSON. */
async function startBare(): Promise<number> {
  process.on('message', (message: { ask: string }) => {
    if (message.ask === 'exit') process.exit(0);
    send({ cpuMs: cpuMs() });
  });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const { context } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      const body = JSON.stringify({
        key: request.url?.slice('/ofrep/v1/evaluate/flags/'.length),
        value: '2.3.3',
        variant: 'stable',
        reason: 'SPLIT',
        metadata: { release: 12, step: 1, arm: context.targetingKey ? 'stable' : 'candidate' },
      });
      const length = Buffer.byteLength(body);
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': length })
        .end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

function fullSnapshot(flags: number, services: number) {
  let snapshot = emptySnapshot('production');
  for (let n = 0; n < flags; n += 1) {
    const key = `flag-${n}`;
    const percent = (n * 7) % 100;
    const route = { key, state: 'percentage', percent, allowed: new Set<string>(), bucketing: 1 };
    snapshot = withFlag(snapshot, key, { ...route, state: 'percentage', bucketing: 1 });
  }
  for (let n = 0; n < services; n += 1) {
    const name = `agent-${n}`;
    const split = {
      release: n + 1,
      candidate: '2.4.0',
      weightPercent: 25,
      step: 2,
      testers: new Set<string>(),
      bucketing: 1 as const,
    };
    const pinnable = new Set(['2.3.3', '2.4.0']);
    snapshot = withService(snapshot, name, { name, stable: '2.3.3', pinnable, split });
  }
  return snapshot;
}

async function startSignalman(): Promise<number> {
  const snapshots = createSnapshotHolder(fullSnapshot(Number(flagsText), Number(servicesText)));
  const telemetry = createTelemetry();
  const tokens = readAgentTokens(`production:evaluate+ingest+kill+metrics:${SECRET}`);
  if (!tokens.ok) throw new Error(tokens.refusal.join());
  const server = await startAgentServer(
    {
      snapshots,
      tokens: tokens.value,
      ingest: async () => ({ outcome: 'recorded', unknown: [] }),
      killOn: async ({ name }) => {
        snapshots.killNow(name);
        return yes({ already: false, durable: true });
      },
      refuseKillOff: async () => ({ code: 'off_needs_a_person', words: '' }),
      pipeline: createPipeline({
        registerVersion: async () => yes({ known: false }),
        propose: async () => yes({ release: 1, words: '' }),
      }),
      health: () => ({ dead: [], unready: [] }),
      telemetry: createAgentTelemetry(telemetry.agents.pushed),
      scrape: telemetry.scrape,
      scrub: createScrubber([]),
      clock: () => asInstant(Date.now()),
      monotonicMs: () => performance.now(),
      log: { info: () => {}, warn: () => {}, error: (details) => console.error(details) },
    },
    {
      host: '127.0.0.1',
      port: 0,
      // The limiter works as always; only its limit is out of the way of the measurement.
      limits: { ...GATE_LIMITS, requests: { perSecond: 1e6, burst: 1e6 } },
    },
  );

  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  process.on('message', (message: { ask: string; on?: boolean }) => {
    if (message.ask === 'exit') process.exit(0);
    if (message.ask === 'reset') delay.reset();
    if (message.ask === 'kill') snapshots.update((now) => withKill(now, 'writes', !!message.on));
    if (message.ask === 'change') {
      const startedMs = performance.now();
      for (let n = 0; n < 100; n += 1) {
        snapshots.update((now) => withKill(now, 'reads', n % 2 === 0));
      }
      send({ changeMs: (performance.now() - startedMs) / 100 });
    }
    if (message.ask === 'report') {
      const { max, percentile } = { max: delay.max, percentile: delay.percentile(99) };
      send({
        stallMs: max / 1e6,
        stallP99Ms: percentile / 1e6,
        rssMib: process.memoryUsage().rss / 1024 ** 2,
        heapMib: process.memoryUsage().heapUsed / 1024 ** 2,
        cpuMs: cpuMs(),
        streams: server.streams.count(),
      });
    }
  });
  return server.port;
}

send({ port: kind === 'bare' ? await startBare() : await startSignalman() });
