/** Whatever arrives is answered as the sender's mistake: nothing fails here, nothing is stored. */
import { connect } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAgentTokens } from '#adapters/agents/agent-token.ts';
import { agentsThread, itemsOf } from '#test/support/agents.ts';
import { AGENT_SECRET, anyRequest, bytesOf } from '#test/support/agents-fuzz.ts';

const RUNS = 1_000;

/** A status line, or undefined when the connection was just closed. */
function exchange(port: number, bytes: Buffer): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    const finish = () => {
      socket.destroy();
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
      resolve(status === undefined ? undefined : Number(status));
    };
    socket.setTimeout(3_000, finish);
    socket.on('error', finish);
    socket.on('close', finish);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text.includes('\r\n\r\n')) finish();
    });
  });
}

test('no request makes anything fail, or leaves something behind', async () => {
  const tokens = readAgentTokens(`production:evaluate+ingest+propose+metrics:${AGENT_SECRET}`);
  if (!tokens.ok) throw new Error(tokens.refusal.join());
  const { port, complaints, records, post } = await agentsThread({ tokens: tokens.value });
  await fc.assert(
    fc.asyncProperty(anyRequest, async (request) => {
      const status = await exchange(port, bytesOf(request, 'close'));
      expect(status ?? 400).toBeLessThan(500);
    }),
    { numRuns: RUNS },
  );
  const bearer = { authorization: `Bearer ${AGENT_SECRET}` };
  const good = [{ service: 'support-agent', version: '2.3.3', success: true }];
  expect((await post('/v1/agent-logs', good, bearer)).status).toBe(202);
  expect(complaints).toEqual([]);
  for (const { success } of records.flatMap(itemsOf)) expect(typeof success).toBe('boolean');
}, 60_000);

test('bytes that are not HTTP get an answer or a closed door', async () => {
  const { port, complaints, post } = await agentsThread();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
      const end = Buffer.from('\r\n\r\n');
      const status = await exchange(port, Buffer.concat([bytes, end]));
      expect(status ?? 400).toBeLessThan(500);
    }),
    { numRuns: 100 },
  );
  expect((await post('/ofrep/v1/evaluate/flags', { context: {} })).status).toBe(200);
  expect(complaints).toEqual([]);
}, 60_000);
