/** What the machine itself needs for a request and its answer, asked while something is measured. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Figure } from '#test/bench/figure.ts';
import { startSlack } from '#test/bench/started-bot.ts';

export type BareServer = {
  /** Runs something, and asks at this pace as long as it takes. */
  readonly beside: <T>(pace: Pace, work: () => Promise<T>) => Promise<{ done: T; noise: Figure }>;
  readonly stop: () => void;
};
type Pace = { readonly times: number; readonly perSecond: number };

export async function startBareServer(): Promise<BareServer> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('{}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  // Asked from a process of its own, as the bot is.
  const asking = await startSlack(port);
  const url = `http://127.0.0.1:${port}/`;
  return {
    beside: async (pace, work) => {
      const [done, { samples }] = await Promise.all([
        work(),
        asking.drive({ do: 'ask', url, ...pace }),
      ]);
      const name = '  meanwhile a bare node:http answered in';
      return { done, noise: { name, unit: 'ms', compare: 'p99', samples } };
    },
    stop: () => {
      asking.stop();
      server.closeAllConnections();
      server.close();
    },
  };
}
