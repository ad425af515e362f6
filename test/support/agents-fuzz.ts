/** Requests to the agents' port that are anything from right to nonsense. */
import fc from 'fast-check';

export const AGENT_SECRET = 'a-secret-of-agents';

export type FuzzedRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: string;
  /** What is stated of the body's length. */
  readonly length: 'right' | 'short' | 'missing';
};

/** Mostly where somebody listens. */
const anyPath = fc.oneof(
  {
    arbitrary: fc.webUrl({ withQueryParameters: true }).map((url) => new URL(url).pathname),
    weight: 1,
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
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
  },
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
  `Authorization: Bearer ${AGENT_SECRET}`,
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

export const anyBody = fc.oneof(
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

/** Most lengths are right, since of the others little is read. */
const head = {
  method: anyMethod,
  path: anyPath,
  headers: fc.uniqueArray(anyHeader, { maxLength: 4 }),
  length: fc.constantFrom('right', 'right', 'right', 'right', 'short', 'missing'),
} as const;

export const anyHead: fc.Arbitrary<Omit<FuzzedRequest, 'body'>> = fc.record(head);
export const anyRequest: fc.Arbitrary<FuzzedRequest> = fc.record({ ...head, body: anyBody });

/** As it goes over the wire. */
export function bytesOf(request: FuzzedRequest, connection: 'close' | 'keep-alive'): Buffer {
  const { method, path, headers, body, length } = request;
  const bytes = Buffer.from(body);
  const stated = length === 'right' ? bytes.length : Math.floor(bytes.length / 2);
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    `Connection: ${connection}`,
    ...headers,
    ...(length === 'missing' ? [] : [`Content-Length: ${stated}`]),
  ];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return Buffer.concat([head, bytes]);
}
