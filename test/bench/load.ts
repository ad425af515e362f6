/** Keeps a number of connections busy with one request each, and says how it went. */
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';

export type Load = {
  readonly port: number;
  /** One for each connection in turn: more than a token may ask for needs several tokens. */
  readonly requests: readonly string[];
  readonly connections: number;
  readonly ms: number;
  /** Sends at this rate instead of as fast as it can. */
  readonly perSecond?: number;
};
export type LoadResult = {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly statuses: Readonly<Record<string, number>>;
};

export function httpRequest(
  path: string,
  {
    body,
    headers = {},
    method = 'POST',
  }: {
    body?: string;
    headers?: Record<string, string>;
    method?: string;
  } = {},
): string {
  const all = {
    host: 'localhost',
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body ?? ''}`;
}

export async function run(load: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  const startedMs = performance.now();
  const endMs = startedMs + load.ms;
  const note = (status: string, latencyMs: number) => {
    statuses[status] = (statuses[status] ?? 0) + 1;
    latencies.push(latencyMs);
  };
  const connections = Array.from({ length: load.connections }, (_, at) =>
    keepBusy(load, { endMs, note, at }),
  );
  await Promise.all(connections);
  const tookMs = performance.now() - startedMs;
  latencies.sort((one, other) => one - other);
  const quantile = (share: number) => latencies[Math.floor((latencies.length - 1) * share)] ?? 0;
  return {
    perSecond: (latencies.length / tookMs) * 1_000,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    statuses,
  };
}

type Turn = {
  readonly endMs: number;
  readonly note: (status: string, latencyMs: number) => void;
  readonly at: number;
};

function keepBusy(load: Load, { endMs, note, at }: Turn): Promise<void> {
  const everyMs = load.perSecond ? (load.connections * 1_000) / load.perSecond : 0;
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(load.port, '127.0.0.1');
    socket.setNoDelay(true);
    const bytes = Buffer.from(load.requests[at % load.requests.length] ?? '');
    let sentMs = 0;
    let dueMs = performance.now() + (everyMs * at) / load.connections;
    let missing = 0;
    let status = '';

    const next = () => {
      const nowMs = performance.now();
      if (nowMs >= endMs) {
        socket.destroy();
        resolve();
        return;
      }
      const send = () => {
        // Behind schedule counts from when it was due: a stall must not hide the wait it causes.
        sentMs = everyMs ? dueMs : performance.now();
        dueMs += everyMs;
        socket.write(bytes);
      };
      if (everyMs && nowMs < dueMs) setTimeout(send, dueMs - nowMs);
      else send();
    };

    socket.on('connect', next);
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      if (missing > 0) {
        missing -= chunk.length;
      } else {
        const head = chunk.indexOf('\r\n\r\n');
        const text = chunk.toString('latin1', 0, head);
        status = text.slice(9, 12);
        const length = /content-length: (\d+)/i.exec(text)?.[1];
        missing = Number(length ?? 0) - (chunk.length - head - 4);
      }
      if (missing > 0) return;
      missing = 0;
      note(status, performance.now() - sentMs);
      next();
    });
  });
}
