import { get } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type AgentToken, readAgentTokens } from '#adapters/agents/agent-token.ts';
import { GATE_LIMITS } from '#adapters/agents/gate.ts';
import { withFlag, withKill, withService } from '#domain/snapshot.ts';
import { aFlag, agentsPort, aService, aSplit, users } from '#test/support/agents.ts';
import { readOfrep } from '#test/support/ofrep-schema.ts';

const SINGLE = '/ofrep/v1/evaluate/flags/support-agent.version';
const BULK = '/ofrep/v1/evaluate/flags';
const anna = { context: { targetingKey: 'anna' } };

function tokens(text: string): readonly AgentToken[] {
  const read = readAgentTokens(text);
  if (!read.ok) throw new Error(read.refusal.join('; '));
  return read.value;
}

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

describe('one key', () => {
  test('is answered with value, variant, reason and metadata', async () => {
    const { evaluate } = await agentsPort();
    const response = await evaluate('support-agent.version', { targetingKey: 'anna' });
    expect(response.status).toBe(200);
    expect(await readOfrep(response, 'single')).toEqual({
      key: 'support-agent.version',
      value: '2.3.3',
      variant: 'stable',
      reason: 'STATIC',
      metadata: { arm: 'stable', assigned: 'split', killed: false },
    });
  });

  test('follows a change at once', async () => {
    const { evaluate, snapshots } = await agentsPort();
    snapshots.update((snapshot) =>
      withService(snapshot, 'support-agent', aService({ split: aSplit({ weightPercent: 100 }) })),
    );
    const response = await evaluate('support-agent.version', { targetingKey: 'anna' });
    expect(await readOfrep(response, 'single')).toMatchObject({
      value: '2.4.0',
      metadata: { release: 12 },
    });
  });

  test('that nobody knows is not found, in the protocol’s words', async () => {
    const { evaluate } = await agentsPort();
    for (const key of ['no-such-flag', 'a/b', 'no%20such', 'kill.', '.version', '']) {
      const response = await evaluate(key, { targetingKey: 'anna' });
      expect(response.status).toBe(404);
      expect(await readOfrep(response, 'single')).toMatchObject({
        key: decodeURIComponent(key),
        errorCode: 'FLAG_NOT_FOUND',
      });
    }
  });

  test('that is drawn by chance asks for a targeting key; userId will do', async () => {
    const { evaluate, snapshots } = await agentsPort();
    snapshots.update((snapshot) =>
      withService(snapshot, 'support-agent', aService({ split: aSplit({ weightPercent: 50 }) })),
    );
    const without = await evaluate('support-agent.version', {});
    expect(without.status).toBe(400);
    expect(await readOfrep(without, 'single')).toMatchObject({
      errorCode: 'TARGETING_KEY_MISSING',
    });
    const named = async (context: object) => {
      const response = await evaluate('support-agent.version', context);
      return readOfrep(response, 'single');
    };
    for (const user of users(20)) {
      expect(await named({ userId: user })).toEqual(await named({ targetingKey: user }));
    }
  });

  test.each([
    ['not JSON', '{"context": '],
    ['an empty body', ''],
    ['a list', []],
    ['null', 'null'],
    ['a number', '1'],
    ['no context', {}],
    ['a context that is text', { context: 'anna' }],
    ['a context that is a list', { context: [] }],
    ['a targeting key that is a number', { context: { targetingKey: 7 } }],
    ['a session version that is a list', { context: { session_version: ['2.3.3'] } }],
    ['versions that are an object', { context: { versions: { a: 1 } } }],
    ['versions that are numbers', { context: { versions: [2.4] } }],
    [
      'a key that is not UTF-8',
      new Uint8Array(Buffer.from('{"context":{"targetingKey":"\xff\xfe"}}', 'latin1')),
    ],
    ['more than 256 KiB', { context: { targetingKey: 'a'.repeat(300_000) } }],
    ['ten thousand levels', `{"context":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
  ])('sent with %s gets the protocol’s own error', async (_, body) => {
    const { post, complaints } = await agentsPort();
    for (const [path, kind] of [
      [SINGLE, 'single'],
      [BULK, 'bulk'],
    ] as const) {
      const response = await post(path, body);
      expect(response.status).toBe(400);
      const { errorCode } = (await readOfrep(response, kind)) as { errorCode: string };
      expect(['PARSE_ERROR', 'INVALID_CONTEXT']).toContain(errorCode);
    }
    expect(complaints).toEqual([]);
  });

  test('may come packed, and broken packing is the sender’s error', async () => {
    const { post } = await agentsPort();
    const gzip = { 'content-encoding': 'gzip' };
    const packed = await post(SINGLE, gzipSync(JSON.stringify(anna)), gzip);
    expect(packed.status).toBe(200);
    expect((await post(SINGLE, JSON.stringify(anna), gzip)).status).toBe(400);
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    expect((await post(SINGLE, bomb, gzip)).status).toBe(400);
    expect((await post(SINGLE, '{}', { 'content-encoding': 'br' })).status).toBe(400);
  });

  test('in an address that cannot be decoded is a parse error', async () => {
    const { post } = await agentsPort();
    const response = await post(`${BULK}/%E0%A4%A`, anna);
    expect(response.status).toBe(400);
    expect(await readOfrep(response, 'single')).toMatchObject({ errorCode: 'PARSE_ERROR' });
  });
});

describe('all keys', () => {
  test('come with a tag, and cost nothing while nothing changes', async () => {
    const { post, snapshots } = await agentsPort();
    const first = await post(BULK, anna);
    const etag = first.headers.get('etag') ?? '';
    expect(await readOfrep(first, 'bulk')).toMatchObject({
      flags: [
        { key: 'kill.global', value: false },
        { key: 'kill.support-agent', value: false },
        { key: 'support-agent.version', value: '2.3.3' },
      ],
    });
    const again = await post(BULK, anna, { 'if-none-match': etag });
    expect(again.status).toBe(304);
    expect(again.headers.get('etag')).toBe(etag);
    await readOfrep(again, 'bulk');
    expect((await post(BULK, anna, { 'if-none-match': `"other", W/${etag}` })).status).toBe(304);

    snapshots.update((snapshot) => withKill(snapshot, 'writes', true));
    const changed = await post(BULK, anna, { 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  test('hold the switches agents asked for by name, so that “global” reaches them', async () => {
    const { post, evaluate, snapshots } = await agentsPort();
    const etag = (await post(BULK, anna)).headers.get('etag') ?? '';
    await evaluate('kill.refunds', {});
    snapshots.killNow('global');
    const response = await post(BULK, anna, { 'if-none-match': etag });
    expect(await readOfrep(response, 'bulk')).toMatchObject({
      flags: expect.arrayContaining([
        expect.objectContaining({ key: 'kill.refunds', value: true }),
      ]),
    });
  });

  test('of one person are never taken for those of another', async () => {
    const { post } = await agentsPort();
    const etag = (await post(BULK, anna)).headers.get('etag') ?? '';
    const ben = { context: { targetingKey: 'ben' } };
    expect((await post(BULK, ben, { 'if-none-match': etag })).status).toBe(200);
  });

  test('stay the same when another environment changes', async () => {
    const { post, snapshots } = await agentsPort();
    const etag = (await post(BULK, anna)).headers.get('etag') ?? '';
    snapshots.update((snapshot) => withFlag(snapshot, 'new-search/staging', aFlag()));
    expect((await post(BULK, anna, { 'if-none-match': etag })).status).toBe(304);
  });

  test('without a targeting key hold an error for each that needs one', async () => {
    const { post, snapshots } = await agentsPort();
    snapshots.update((snapshot) =>
      withFlag(snapshot, 'new-search', aFlag({ state: 'percentage', percent: 50 })),
    );
    const response = await post(BULK, { context: {} });
    expect(response.status).toBe(200);
    expect(await readOfrep(response, 'bulk')).toMatchObject({
      flags: expect.arrayContaining([
        expect.objectContaining({ key: 'new-search', errorCode: 'TARGETING_KEY_MISSING' }),
        expect.objectContaining({ key: 'kill.global', value: false }),
      ]),
    });
  });
});

describe('a token', () => {
  const secrets =
    'production:evaluate+ingest:prod-secret, staging:evaluate:stage-secret, production:metrics:metrics-secret';

  test('opens its environment and no other', async () => {
    const { evaluate, snapshots } = await agentsPort({ tokens: tokens(secrets) });
    snapshots.update((snapshot) =>
      withService(snapshot, 'support-agent/staging', aService({ stable: '2.5.0' })),
    );
    const value = async (headers: Record<string, string>) => {
      const response = await evaluate('support-agent.version', {}, headers);
      return ((await readOfrep(response, 'single')) as { value: string }).value;
    };
    expect(await value(bearer('prod-secret'))).toBe('2.3.3');
    expect(await value(bearer('stage-secret'))).toBe('2.5.0');
    expect(await value({ 'x-api-key': 'stage-secret' })).toBe('2.5.0');
    expect(await value({ authorization: 'stage-secret' })).toBe('2.5.0');
  });

  test('that is missing or wrong is turned away without a body', async () => {
    const { evaluate } = await agentsPort({ tokens: tokens(secrets) });
    for (const headers of [
      {},
      bearer('wrong'),
      bearer(''),
      { 'x-api-key': 'Bearer prod-secret' },
    ]) {
      const response = await evaluate('support-agent.version', {}, headers);
      expect(response.status).toBe(401);
      await readOfrep(response, 'single');
    }
  });

  test('does only what its scopes say', async () => {
    const { evaluate, post, url } = await agentsPort({ tokens: tokens(secrets) });
    const forbidden = await evaluate('support-agent.version', {}, bearer('metrics-secret'));
    expect(forbidden.status).toBe(403);
    await readOfrep(forbidden, 'single');
    expect((await post('/v1/killswitches/writes', {}, bearer('prod-secret'))).status).toBe(403);
    expect((await post('/v1/releases', {}, bearer('prod-secret'))).status).toBe(403);
    expect((await fetch(`${url}/metrics`, { headers: bearer('prod-secret') })).status).toBe(403);
    expect((await fetch(`${url}/metrics`, { headers: bearer('metrics-secret') })).status).toBe(200);
  });

  test('that asks too much is told when to come back', async () => {
    const limits = { ...GATE_LIMITS, requests: { perSecond: 0.5, burst: 3 } };
    const { evaluate } = await agentsPort({ tokens: tokens(secrets) }, { limits });
    const ask = (secret: string) => evaluate('kill.writes', {}, bearer(secret));
    const statuses = await Promise.all(
      [1, 2, 3, 4, 5].map(async () => (await ask('prod-secret')).status),
    );
    expect(statuses.toSorted()).toEqual([200, 200, 200, 429, 429]);
    const limited = await ask('prod-secret');
    await readOfrep(limited, 'single');
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await ask('stage-secret')).status).toBe(200);
  });

  test('that used its burst up can still stop everything', async () => {
    const limits = { ...GATE_LIMITS, requests: { perSecond: 0.1, burst: 1 } };
    const all = tokens('production:evaluate+kill:a-secret-that-kills');
    const { evaluate, post } = await agentsPort({ tokens: all }, { limits });
    const headers = bearer('a-secret-that-kills');
    await evaluate('kill.writes', {}, headers);
    expect((await evaluate('kill.writes', {}, headers)).status).toBe(429);
    const why = { active: true, reason: 'it floods us' };
    expect((await post('/v1/killswitches/writes', why, headers)).status).toBe(200);
  });

  test.each([
    ['production', 'write environment:scope+scope:secret'],
    ['production:evaluate', 'write environment:scope+scope:secret'],
    ['Prod!:evaluate:secret-secret', 'the environment is not a name'],
    ['production:evaluate+fly:secret-secret', 'unknown scope “fly”'],
    ['production::secret-secret', 'unknown scope “”'],
    ['production:evaluate:short', 'at least 8 characters'],
    ['production:evaluate:same-secret,staging:evaluate:same-secret', 'share one secret'],
  ])('written as %s is refused with the reason and without the secret', (text, reason) => {
    const read = readAgentTokens(text);
    expect(read).toMatchObject({ ok: false });
    const words = JSON.stringify(read);
    expect(words).toContain(reason);
    expect(words).not.toContain('secret-secret');
  });
});

describe('without tokens', () => {
  test('a web page elsewhere gets nothing through a browser on this machine', async () => {
    const { post } = await agentsPort();
    const elsewhere = { origin: 'https://evil.example' };
    expect((await post(BULK, anna, elsewhere)).status).toBe(401);
    const kill = { active: true, reason: 'a prank' };
    expect((await post('/v1/killswitches/global', kill, elsewhere)).status).toBe(401);
    const here = { origin: 'http://localhost:5173' };
    const welcome = await post(BULK, anna, here);
    expect(welcome.status).toBe(200);
    expect(welcome.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('a name of somebody else that leads to this machine opens nothing', async () => {
    const { server } = await agentsPort();
    const status = (host: string) =>
      new Promise((resolve) => {
        const path = '/api/client/features';
        get({ port: server.port, host: '127.0.0.1', path, headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
      });
    expect(await status('rebound.example:3001')).toBe(401);
    expect(await status('localhost:3001')).toBe(200);
    expect(await status('[::1]:3001')).toBe(200);
  });
});

describe('an address', () => {
  test('nobody serves, or with another method, is answered and not dropped', async () => {
    const { url } = await agentsPort();
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
    const get = await fetch(`${url}${BULK}`);
    expect(get.status).toBe(405);
    expect(get.headers.get('allow')).toBe('POST');
    expect((await fetch(`${url}${BULK}`, { method: 'OPTIONS' })).status).toBe(204);
    expect((await fetch(`${url}/healthz/live`, { method: 'HEAD' })).status).toBe(200);
  });

  test('of health says what is wrong', async () => {
    const health = { dead: [] as string[], unready: [] as string[] };
    const { url } = await agentsPort({ health: () => health });
    expect((await fetch(`${url}/healthz/ready`)).status).toBe(200);
    health.unready.push('the main thread is silent');
    const response = await fetch(`${url}/healthz/ready`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ problems: ['the main thread is silent'] });
    expect((await fetch(`${url}/healthz/live`)).status).toBe(200);
    health.dead.push('it has been silent for long');
    expect((await fetch(`${url}/healthz/live`)).status).toBe(503);
  });
});

test('evaluations are counted under OpenTelemetry’s names, and nobody’s text becomes a label', async () => {
  const { evaluate, url } = await agentsPort();
  await evaluate('support-agent.version', { targetingKey: 'anna' });
  await evaluate('support-agent.version', { targetingKey: 'ben' });
  await evaluate('kill.whatever-a-caller-types', {});
  await evaluate('what-a-caller-types', {});
  const text = await (await fetch(`${url}/metrics`)).text();
  expect(text).toContain(
    'signalman_evaluations_total{feature_flag_key="support-agent.version",feature_flag_result_variant="stable",feature_flag_result_reason="STATIC",environment="production"} 2',
  );
  expect(text).toContain('feature_flag_key="kill.(other)"');
  expect(text).toContain('process_cpu_user_seconds_total');
  expect(text).not.toContain('caller-types');
  expect(text).not.toContain('anna');
});
