// Starts the real Prometheus of the Debian package on loopback, scraping what a test shows it.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { asInstant, type Instant } from '#domain/time.ts';

/** In words what is missing on this machine; undefined when Prometheus can be started. */
export function whyNoPrometheus(): string | undefined {
  const { error } = spawnSync('prometheus', ['--version']);
  return error ? 'Prometheus is missing: install the Debian package prometheus' : undefined;
}

export type Page = { readonly type: string; readonly body: string | Uint8Array };
export type Exporter = {
  readonly port: number;
  /** Makes this the page from now on. */
  readonly show: (page: () => Page | Promise<Page>) => void;
  readonly stop: () => Promise<void>;
};

export async function startExporter(): Promise<Exporter> {
  let page: () => Page | Promise<Page> = () => ({ type: 'text/plain', body: '' });
  const server = createServer(async (_, response) => {
    const { type, body } = await page();
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  const port = await listening(server);
  return {
    port,
    show: (next) => {
      page = next;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

export type Prometheus = {
  readonly url: string;
  /** The value of the only series a query finds at this moment. */
  readonly onlyValue: (query: string) => Promise<number | undefined>;
  /** When the newest sample of a series was taken: the moment to ask about it. */
  readonly sampledAt: (selector: string) => Promise<Instant>;
  readonly stop: () => Promise<void>;
};

const SCRAPE_MS = 200;

export async function startPrometheus(targetPorts: readonly number[]): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'signalman-prometheus-'));
  const config = join(folder, 'prometheus.yml');
  await writeFile(config, configOf(targetPorts));
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const server = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--enable-feature=native-histograms',
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let complaints = '';
  server.stderr.on('data', (chunk) => {
    complaints = (complaints + chunk).slice(-2_000);
  });
  const url = `http://${address}`;
  const stop = async () => {
    if (server.exitCode === null) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  };
  const isReady = () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  if (!(await until(isReady, 20_000))) {
    await stop();
    throw new Error(`Prometheus did not become ready: ${complaints}`);
  }
  return {
    url,
    onlyValue: (query) => onlyValue(url, query),
    // A busy machine may miss the scrape after this one, and then the series is gone for a moment.
    sampledAt: async (selector) =>
      asInstant(Math.round(1_000 * ((await onlyValue(url, `max(timestamp(${selector}))`)) ?? 0))),
    stop,
  };
}

/** Tries until it is so, and tells whether it came to be. */
export async function until(isSo: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  const end = Date.now() + withinMs;
  while (Date.now() < end) {
    if (await isSo()) return true;
    await pause(25);
  }
  return false;
}

export async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const socket = createSocket().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address() as AddressInfo;
  socket.close();
  await once(socket, 'close');
  return port;
}

const configOf = (ports: readonly number[]) => `
global: { scrape_interval: ${SCRAPE_MS}ms, scrape_timeout: ${SCRAPE_MS}ms }
scrape_configs:
  - job_name: agents
    static_configs: [{ targets: [${ports.map((port) => `"127.0.0.1:${port}"`).join(', ')}] }]
`;

async function onlyValue(url: string, query: string): Promise<number | undefined> {
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
  const answer = (await response.json()) as {
    data: { result: readonly { value: readonly [number, string] }[] };
  };
  const [row] = answer.data.result;
  return row && Number(row.value[1]);
}
