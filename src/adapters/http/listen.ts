import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Listening = {
  readonly port: number;
  readonly server: Server;
  /** Stops accepting, lets what is under way finish for a moment, then cuts the rest. */
  readonly close: () => Promise<void>;
};

export type ListenOptions = {
  readonly host: string;
  readonly port: number;
  /** Must not throw: whatever goes wrong is an answer too. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
  readonly patience?: Patience;
};

/** Slow senders hold a socket each; these limits free them. */
export type Patience = {
  readonly headersMs: number;
  readonly requestMs: number;
  /** Node looks for slow senders this often, every half a minute if it is not told. */
  readonly lookMs: number;
};
const PATIENCE: Patience = { headersMs: 5_000, requestMs: 30_000, lookMs: 1_000 };
const KEEP_ALIVE_MS = 65_000;
const GRACE_MS = 2_000;

export async function listen(options: ListenOptions): Promise<Listening> {
  const { host, port, handle, patience = PATIENCE } = options;
  const server = createServer(
    {
      headersTimeout: patience.headersMs,
      requestTimeout: patience.requestMs,
      connectionsCheckingInterval: patience.lookMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    handle,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  const { port: bound } = server.address() as AddressInfo;
  return { port: bound, server, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
