/** Whatever arrives is answered as the sender's mistake: nothing fails here, nothing is stored. */
import { connect } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAgentTokens } from '#adapters/agents/agent-token.ts';
import { agentsThread, itemsOf } from '#test/support/agents.ts';

const SECRET = 'a-secret-of-agents';
const RUNS = 1_000;

const anyPath = fc.oneof(
  fc.constantFrom(
    '/ofrep/v1/evaluate/flags',
    '/ofrep/v1/evaluate/flags/support-agent.version',
    '/ofrep/v1/evaluate/flags/kill.writes',
    '/ofrep/v1/stream?ticket=a.b.c',
    '/api/client/features',
    '/api/client/register',
    '/api/client/metrics',
    '/v1/agent-logs',
    '/v1/versions',
    '/v1/releases',
    '/v1/killswitches/writes',
    '/healthz/ready',
    '/metrics',
    '/',
    '*',
    '//',
    '/ofrep/v1/evaluate/flags/%',
    '/v1/killswitches/%00%ff',
    'http://elsewhere.example/metrics',
  ),
  fc.webUrl({ withQueryParameters: true }).map((url) => new URL(url).pathname),
);

const anyMethod = fc.constantFrom(
  'GET',
  'POST',
  'POST',
  'POST',
  'PUT',
  'DELETE',
  'OPTIONS',
  'HEAD',
);

const anyHeader = fc.constantFrom(
  `Authorization: Bearer ${SECRET}`,
  'Authorization: Bearer',
  'Authorization: Basic YTpi',
  'X-API-Key: \u00e9',
  'If-None-Match: ",,W/"',
  'If-None-Match: *',
  'Content-Encoding: gzip',
  'Content-Encoding: deflate, gzip',
  'Content-Type: text/plain; charset=utf-16',
  'Idempotency-Key: \t',
  'Unleash-Interval: NaN',
  'Last-Event-ID: \u0001',
  'Origin: null',
  'Cookie: a=b; __proto__=1',
);

const anyItem = fc.record(
  {
    service: fc.oneof(fc.constant('support-agent'), fc.string(), fc.anything()),
    version: fc.oneof(fc.constant('2.3.3'), fc.string(), fc.anything()),
    success: fc.oneof(fc.boolean(), fc.anything()),
    latency_ms: fc.oneof(fc.double(), fc.anything()),
    timestamp: fc.oneof(fc.date({ noInvalidDate: true }).map(String), fc.double(), fc.anything()),
    __proto__: fc.anything(),
  },
  { requiredKeys: [] },
);

const asJson = (value: unknown) => {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '{}';
  }
};

const anyBody = fc.oneof(
  fc.json({ depthSize: 'large' }),
  fc.array(anyItem, { maxLength: 5 }).map(asJson),
  fc.record({ context: fc.anything() }).map(asJson),
  fc.record({ active: fc.anything(), reason: fc.anything() }).map(asJson),
  fc.record({ appName: fc.string(), bucket: fc.anything() }).map(asJson),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '{"__proto__":{"active":true}}',
    '[[[[',
    '{"context":{"constructor":1}}',
    '\u0000',
  ),
);

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
  const tokens = readAgentTokens(`production:evaluate+ingest+propose+metrics:${SECRET}`);
  if (!tokens.ok) throw new Error(tokens.refusal.join());
  const { port, complaints, records, post } = await agentsThread({ tokens: tokens.value });
  const anyRequest = fc.record({
    method: anyMethod,
    path: anyPath,
    headers: fc.uniqueArray(anyHeader, { maxLength: 4 }),
    body: anyBody,
    length: fc.constantFrom('right', 'short', 'missing'),
  });
  await fc.assert(
    fc.asyncProperty(anyRequest, async ({ method, path, headers, body, length }) => {
      const bytes = Buffer.from(body);
      const stated = length === 'right' ? bytes.length : Math.floor(bytes.length / 2);
      const lines = [
        `${method} ${path} HTTP/1.1`,
        'Host: localhost',
        'Connection: close',
        ...headers,
        ...(length === 'missing' ? [] : [`Content-Length: ${stated}`]),
      ];
      const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
      const status = await exchange(port, Buffer.concat([head, bytes]));
      expect(status ?? 400).toBeLessThan(500);
    }),
    { numRuns: RUNS },
  );
  const bearer = { authorization: `Bearer ${SECRET}` };
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
