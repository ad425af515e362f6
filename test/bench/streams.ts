/** Many event streams at once, over plain sockets: an EventSource each would weigh more than ours. */
import { connect, type Socket } from 'node:net';
import { httpRequest } from '#test/bench/load.ts';

export type OpenStreams = {
  /** Resolves once every stream got one more event, with when each did (`Date.now()`), in order. */
  readonly nextOnAll: () => Promise<readonly number[]>;
  readonly close: () => void;
};

const AT_ONCE = 200;

export async function openStreams(
  port: number,
  count: number,
  headers: Record<string, string>,
): Promise<OpenStreams> {
  const request = httpRequest('/ofrep/v1/stream', { method: 'GET', headers });
  const sockets: Socket[] = [];
  // Many changes may be told in one event or several, so streams are counted and not events.
  let waiting = new Set<Socket>();
  let toldAt: number[] = [];
  let done: (toldAt: readonly number[]) => void = () => {};

  const open = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(request));
      let isOpen = false;
      socket.on('error', reject);
      socket.on('data', (chunk: Buffer) => {
        if (!chunk.includes('refetchEvaluation')) return;
        if (!isOpen) {
          isOpen = true;
          resolve();
          return;
        }
        if (waiting.delete(socket)) toldAt.push(Date.now());
        if (waiting.size === 0) done(toldAt);
      });
      sockets.push(socket);
    });

  for (let opened = 0; opened < count; opened += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - opened) }, open));
  }
  return {
    nextOnAll: () =>
      new Promise((resolve) => {
        waiting = new Set(sockets);
        toldAt = [];
        done = resolve;
      }),
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
