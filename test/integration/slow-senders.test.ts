import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { readText } from '#adapters/http/body.ts';
import { listen } from '#adapters/http/listen.ts';

/** What becomes of bodies is told; the patience is short, so that nobody waits for it. */
async function aDoor() {
  const bodies: string[] = [];
  const { port, close } = await listen({
    ...{ host: '127.0.0.1', port: 0 },
    patience: { headersMs: 100, requestMs: 200, lookMs: 20 },
    handle: async (request, response) => {
      const read = await readText(request, 1_024);
      bodies.push(read.ok ? read.value : read.refusal.code);
      response.end('taken');
    },
  });
  onTestFinished(close);
  return { port, bodies };
}

/** Sends what it has begun one byte after the other, for as long as somebody listens. */
async function trickle(port: number, begun: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
  });
  // Whoever is cut off while writing hears of it as an error first.
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.write(begun);
  const drip = setInterval(() => socket.write('a'), 20);
  await closed;
  clearInterval(drip);
  return heard;
}

test.each([
  ['headers', 'POST /slack/events HTTP/1.1\r\nhost: signalman\r\nx-slow: '],
  ['body', 'POST /slack/events HTTP/1.1\r\nhost: signalman\r\ncontent-length: 900\r\n\r\n'],
])(
  'whoever sends a %s byte by byte is cut off, and others are answered meanwhile',
  async (_, begun) => {
    const { port, bodies } = await aDoor();
    const slow = trickle(port, begun);
    const answer = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: 'whole' });
    expect(await answer.text()).toBe('taken');
    expect(await slow).toMatch(/^(HTTP\/1\.1 408 Request Timeout|$)/);
    expect(bodies.filter((body) => body !== 'cut_off')).toEqual(['whole']);
  },
);
