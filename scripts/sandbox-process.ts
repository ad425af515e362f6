/** `npm start` without Slack, on free ports and with a database that is thrown away afterwards. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_MS_MAX = 60_000;
const LOOK_EVERY_MS = 200;

export type SandboxProcess = { readonly url: string; readonly stop: () => Promise<void> };

export async function startSandbox(): Promise<SandboxProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'signalman-'));
  const [port, agentPort, sandboxPort] = await freePorts(3);
  const child = spawn(process.execPath, ['src/main.ts'], {
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      AGENT_PORT: String(agentPort),
      SANDBOX_PORT: String(sandboxPort),
      DATABASE_PATH: join(folder, 'signalman.db'),
      // Set to nothing, they also win over a .env that names a real workspace.
      SLACK_BOT_TOKEN: '',
      SLACK_SIGNING_SECRET: '',
      SLACK_APP_TOKEN: '',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  await untilReady(`http://127.0.0.1:${agentPort}/healthz/ready`, () => child.exitCode !== null);
  return {
    url: `http://127.0.0.1:${sandboxPort}`,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

async function untilReady(url: string, hasEnded: () => boolean): Promise<void> {
  for (const end = performance.now() + READY_MS_MAX; performance.now() < end; ) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    if (hasEnded()) break;
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error('The sandbox did not start.');
}

/** All are opened before the first is closed, or the same port would be given twice. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
