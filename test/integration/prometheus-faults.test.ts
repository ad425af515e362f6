// What is not plainly a number is unknown, with its reason: never zero, and never an exception.

import { afterEach, describe, expect, test } from 'vitest';
import { createPrometheusReader } from '#adapters/metrics/prometheus.ts';
import type { UnknownReason } from '#domain/evidence.ts';
import type { CustomGuard } from '#domain/guard.ts';
import type { PrometheusQueryName } from '#domain/plan.ts';
import { asInstant, type Instant } from '#domain/time.ts';
import type { MetricsQuestion } from '#operations/metrics-source.ts';
import {
  asJson,
  plain,
  type Respond,
  startGarbledPrometheus,
  vector,
} from '#test/support/garbled-prometheus.ts';

const NOON = asInstant(Date.UTC(2026, 10, 20, 12));
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function setup(respond: Respond) {
  const prometheus = await startGarbledPrometheus(respond);
  stops.push(prometheus.stop);
  const reader = createPrometheusReader();
  const question = (at: Instant, over: Over = {}): MetricsQuestion => ({
    service: 'support-agent',
    environment: 'production',
    candidate: '2.4.0',
    stable: '2.3.3',
    metrics: {
      source: 'prometheus',
      url: over.url ?? prometheus.url,
      queries: { requests: 'requests_total{version="$version"}', ...over.queries },
      scrapeIntervalMs: 15_000,
    },
    customGuards: over.customGuards ?? [],
    pollMs: over.pollMs ?? 60_000,
    at,
    ...over.names,
  });
  const read = (over?: Over, at = NOON) => reader.read(question(at, over));
  return {
    prometheus,
    read,
    history: (over?: Over) => reader.history(question(NOON, over), 3, 60_000),
  };
}
type Over = {
  readonly url?: string;
  readonly queries?: { readonly [Name in PrometheusQueryName]?: string };
  readonly customGuards?: readonly CustomGuard[];
  readonly pollMs?: number;
  readonly names?: Partial<MetricsQuestion>;
};

const success = (data: unknown, more: object = {}) =>
  asJson(() => ({ status: 'success', data, ...more }));
const refusal = (status: number, errorType: string, error: string) =>
  asJson(() => ({ status: 'error', errorType, error }), status);

const FAULTS: readonly [what: string, respond: Respond, reason: UnknownReason][] = [
  ['NaN', vector(['NaN']), 'not_a_number'],
  ['infinity', vector(['+Inf']), 'not_a_number'],
  ['minus infinity', vector(['-Inf']), 'not_a_number'],
  ['an empty text', vector(['']), 'not_a_number'],
  ['a number in hexadecimal', vector(['0x10']), 'not_a_number'],
  ['one NaN among numbers', vector(['1', 'NaN', '3']), 'not_a_number'],
  ['a negative counter', vector(['-1']), 'misconfigured'],
  ['no series', success({ resultType: 'vector', result: [] }), 'empty'],
  ['a range', success({ resultType: 'matrix', result: [] }), 'misconfigured'],
  ['warnings', vector(['1'], { warnings: ['store-3 did not answer'] }), 'partial'],
  ['a part', vector(['1'], { isPartial: true }), 'partial'],
  [
    'a number where a text is due',
    success({ resultType: 'scalar', result: [0, 5] }),
    'source_down',
  ],
  ['another form', success({ resultType: 'vector', result: {} }), 'source_down'],
  ['null', plain('null'), 'source_down'],
  ['half a JSON', plain('{"status":"succ'), 'source_down'],
  ['a login page', plain('<html>Please sign in</html>'), 'source_down'],
  ['a redirect', plain('', 302, { location: 'http://127.0.0.1:1/' }), 'misconfigured'],
  ['a refused query', refusal(400, 'bad_data', 'parse error'), 'misconfigured'],
  ['a failed query', refusal(422, 'execution', 'many-to-many matching'), 'misconfigured'],
  ['a query that took too long', refusal(503, 'timeout', 'query timed out'), 'timeout'],
  ['not found', plain('404 page not found', 404), 'misconfigured'],
  ['forbidden', plain('', 403), 'misconfigured'],
  ['too many requests', plain('', 429), 'source_down'],
  ['a broken server', plain('oh', 500), 'source_down'],
  ['a page without end', (_, response) => void response.end(' '.repeat(300_000)), 'misconfigured'],
  ['a cut connection', (_, response) => void response.destroy(), 'source_down'],
  ['half an answer and a cut', cutInTheMiddle, 'source_down'],
];

function cutInTheMiddle(..._: Parameters<Respond>): void {
  const [, response] = _;
  response.writeHead(200, { 'content-length': '100' });
  response.write('{', () => response.destroy());
}

describe('a Prometheus that answers with', () => {
  test.each(FAULTS)('%s makes the reading unknown', async (_, respond, reason) => {
    const { read, history } = await setup(respond);
    const reading = await read();
    expect(reading).toMatchObject({ says: 'unknown', reason });
    expect(reading).toHaveProperty('detail', expect.stringMatching(/\S{3,}/));
    expect(await history()).toEqual([]);
  });
});

describe('a reading', () => {
  test('gives up well before the next poll', async () => {
    const { read } = await setup(() => undefined);
    const began = performance.now();
    expect(await read({ pollMs: 2_000 })).toMatchObject({ says: 'unknown', reason: 'timeout' });
    expect(performance.now() - began).toBeLessThan(1_900);
  });

  test('is unknown while nobody listens at the address', async () => {
    const { prometheus, read } = await setup(vector(['1']));
    await prometheus.stop();
    stops.length = 0;
    expect(await read()).toMatchObject({
      reason: 'source_down',
      detail: expect.stringMatching(/ECONNREFUSED/),
    });
  });

  test('is unknown when one sample is older than two scrapes', async () => {
    const { read } = await setup(sampledAgo(31_000));
    const detail = expect.stringContaining('a sample is 31 s old');
    expect(await read()).toMatchObject({ says: 'unknown', reason: 'stale', detail });
  });

  test('is counted while the oldest sample is within two scrapes', async () => {
    const { read } = await setup(sampledAgo(30_000));
    expect(await read()).toMatchObject({ says: 'counted' });
  });

  test('asks for both versions at one moment, all or nothing, at the given address only', async () => {
    const { prometheus, read } = await setup(vector(['1']));
    await read({ url: `${prometheus.url}/tenant-a/` });
    expect(new Set(prometheus.asked.map(({ time }) => time))).toEqual(
      new Set([(NOON / 1_000).toFixed(3)]),
    );
    expect(new Set(prometheus.asked.map(({ path }) => path))).toEqual(
      new Set(['/tenant-a/api/v1/query']),
    );
    const queries = prometheus.asked.map(({ query }) => query);
    expect(queries).toContain('requests_total{version="2.4.0"}');
    expect(queries).toContain('requests_total{version="2.3.3"}');
  });

  test('does not follow a redirect', async () => {
    const elsewhere = await setup(vector(['1']));
    const location = `${elsewhere.prometheus.url}/api/v1/query`;
    const { read } = await setup(plain('', 307, { location }));
    await read();
    expect(elsewhere.prometheus.asked).toEqual([]);
  });

  test('signs in with the name and password of the address, and tells them nobody', async () => {
    let signedIn: string | undefined;
    const { prometheus, read } = await setup((asked, response, request) => {
      signedIn = request.headers.authorization;
      plain('', 500)(asked, response, request);
    });
    const url = prometheus.url.replace('http://', 'http://reader:p%40ss@');
    const reading = await read({ url });
    expect(signedIn).toBe(`Basic ${Buffer.from('reader:p@ss').toString('base64')}`);
    expect(JSON.stringify(reading)).not.toMatch(/p@ss|p%40ss/);
  });

  test.each(['file:///etc/passwd', 'ftp://127.0.0.1/', 'prometheus', ''])(
    'is unknown for the address “%s”',
    async (url) => {
      const { read } = await setup(vector(['1']));
      expect(await read({ url })).toMatchObject({ says: 'unknown', reason: 'misconfigured' });
    },
  );

  test('asks nothing for a version that could change a query', async () => {
    const { prometheus, read } = await setup(vector(['1']));
    const reading = await read({ names: { candidate: '2.4.0"} or vector(0) #' } });
    expect(reading).toMatchObject({
      reason: 'misconfigured',
      detail: expect.stringMatching(/requests.*version/),
    });
    expect(prometheus.asked).toEqual([]);
  });

  test('leaves out a counter of which no series was ever seen, for it is not zero', async () => {
    const { read } = await setup(onlyFor(/requests_total/));
    const queries = { errors: 'errors_total{version="$version"}' };
    const reading = await read({ queries });
    expect(reading).toMatchObject({ says: 'counted', candidate: { requests: 0 } });
    expect(reading).not.toHaveProperty('candidate.errors');
  });

  test('takes a made-up zero for no data', async () => {
    const madeUp: Respond = (asked, response, request) => {
      const rows = asked.query.startsWith('min(') ? [] : [{ metric: {}, value: [0, '0'] }];
      success({ resultType: 'vector', result: rows })(asked, response, request);
    };
    const { read } = await setup(madeUp);
    const queries = { requests: 'nonsense{version="$version"} or vector(0)' };
    expect(await read({ queries })).toMatchObject({ says: 'unknown', reason: 'empty' });
  });

  test('goes on after an outage as if nothing had been asked meanwhile', async () => {
    const { prometheus, read } = await setup(vector(['100']));
    await read();
    prometheus.respond(plain('', 503));
    await read({}, asInstant(NOON + 60_000));
    prometheus.respond(vector(['130']));
    const after = await read({}, asInstant(NOON + 120_000));
    expect(after).toMatchObject({ candidate: { requests: 30 }, stable: { requests: 30 } });
  });

  test('begins again at zero after the clock went back', async () => {
    const { prometheus, read } = await setup(vector(['100']));
    await read();
    prometheus.respond(vector(['90']));
    const past = await read({}, asInstant(NOON - 60_000));
    expect(past).toMatchObject({ says: 'counted', stable: { requests: 0 } });
  });
});

describe('an own probe', () => {
  const guards = (query: string): readonly CustomGuard[] => [
    { name: 'custom_lag', query, max: 10, forMs: 0 },
  ];
  const probe = (query: string, respond: Respond) =>
    setup((asked, response, request) =>
      asked.query.includes('requests_total')
        ? vector(['1'])(asked, response, request)
        : respond(asked, response, request),
    ).then(({ read }) => read({ customGuards: guards(query) }));

  test('is read beside the counters', async () => {
    const reading = await probe('queue_lag{version="$version"}', vector(['7.5']));
    expect(reading).toMatchObject({ says: 'counted', gauges: { custom_lag: 7.5 } });
  });

  test.each([
    ['NaN', vector(['NaN']), 'not_a_number'],
    ['several series', vector(['1', '2']), 'several_series'],
    ['nothing', success({ resultType: 'vector', result: [] }), 'empty'],
    ['old samples', sampledAgo(90_000), 'stale'],
  ] as const)('with %s is unknown by itself', async (_, respond, reason) => {
    const reading = await probe('queue_lag', respond);
    expect(reading).toMatchObject({ says: 'counted', gauges: { custom_lag: reason } });
  });

  test('may compute what it likes', async () => {
    const scalar = success({ resultType: 'scalar', result: [0, '3'] });
    const reading = await probe('scalar(rate(lag_sum[5m]) / rate(lag_count[5m]))', (...all) =>
      (all[0].query.startsWith('min(') ? vector(['0']) : scalar)(...all),
    );
    expect(reading).toMatchObject({ gauges: { custom_lag: 3 } });
  });
});

/** Right values whose oldest sample was taken so long before. */
function sampledAgo(ms: number): Respond {
  return asJson(({ query, time }) => {
    const value = query.startsWith('min(timestamp(') ? Number(time) - ms / 1_000 : 1;
    const result = [{ metric: {}, value: [Number(time), String(value)] }];
    return { status: 'success', data: { resultType: 'vector', result } };
  });
}

function onlyFor(query: RegExp): Respond {
  return (asked, response, request) =>
    (query.test(asked.query) ? vector(['1']) : success({ resultType: 'vector', result: [] }))(
      asked,
      response,
      request,
    );
}
