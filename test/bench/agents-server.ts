/** The servers under load, each in a process of its own: ours with everything on, and a bare one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { readAgentTokens } from '#adapters/agents/agent-token.ts';
import { createPipeline } from '#adapters/agents/pipeline.ts';
import { createSnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import { startAgentsThread } from '#adapters/agents/thread/start-agents-thread.ts';
import { createTelemetry } from '#adapters/telemetry.ts';
import { yes } from '#domain/result.ts';
import { emptySnapshot, withFlag, withKill, withService } from '#domain/snapshot.ts';
import { AGENT_TOKENS } from '#test/bench/secrets.ts';

const [kind = 'signalman', flagsText = '100', servicesText = '1'] = process.argv.slice(2);

const send = (message: object) => process.send?.(message);
/** Of all threads of this process. */
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
};
// Whoever measures may fail; nothing of it stays behind.
process.once('disconnect', () => process.exit(0));

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

const TAKEN = { outcome: 'recorded', unknown: [] } as const;

/** The thread as `compose.ts` starts it; behind it, whatever has to be stored is taken at once. */
async function startSignalman(): Promise<number> {
  const snapshots = createSnapshotHolder(fullSnapshot(Number(flagsText), Number(servicesText)));
  const tokens = readAgentTokens(AGENT_TOKENS);
  if (!tokens.ok) throw new Error(tokens.refusal.join());
  const folder = mkdtempSync(join(tmpdir(), 'signalman-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const thread = await startAgentsThread(
    {
      snapshots,
      tokens: tokens.value,
      logDoors: {
        ingest: async () => TAKEN,
        ingestTogether: (batches) => batches.map(() => TAKEN),
        stageLogs: () => {},
      },
      killOn: async ({ name }) => {
        snapshots.killNow(name);
        return yes({ already: false, durable: true });
      },
      refuseKillOff: async () => ({ code: 'off_needs_a_person', words: '' }),
      pipeline: createPipeline({
        registerVersion: async () => yes({ known: false }),
        propose: async () => yes({ release: 1, words: '' }),
      }),
      telemetry: createTelemetry(),
      log: { info: () => {}, warn: () => {}, error: (details) => console.error(details) },
    },
    {
      file: new URL('../../src/agents-thread.ts', import.meta.url),
      ...{ host: '127.0.0.1', port: 0, journal: join(folder, 'journal') },
      secrets: [],
    },
  );
  process.on('message', (message: { ask: string }) => {
    if (message.ask === 'exit') process.exit(0);
    if (message.ask === 'report') send({ cpuMs: cpuMs() });
    if (message.ask === 'change') {
      const startedMs = performance.now();
      for (let n = 0; n < 100; n += 1) {
        snapshots.update((now) => withKill(now, 'reads', n % 2 === 0));
      }
      send({ changeMs: (performance.now() - startedMs) / 100 });
    }
  });
  return thread.port;
}

send({ port: kind === 'bare' ? await startBare() : await startSignalman() });
