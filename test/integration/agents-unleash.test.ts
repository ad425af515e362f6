import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { type Context, InMemStorageProvider, Unleash, type UnleashConfig } from 'unleash-client';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { readAgentTokens } from '#adapters/agents/agent-token.ts';
import { isWithin, releaseGroup } from '#domain/bucketing.ts';
import { type EvaluationContext, evaluate } from '#domain/evaluation.ts';
import {
  type Snapshot,
  type Split,
  viewOf,
  withFlag,
  withKill,
  withService,
} from '#domain/snapshot.ts';
import { aFlag, agentsPort, aService, aSplit, users } from '#test/support/agents.ts';

/** The real SDK, synchronised once. */
async function unleash(url: string, config: Partial<UnleashConfig> = {}) {
  const sdk = new Unleash({
    url: `${url}/api/`,
    appName: 'support-agent',
    customHeaders: { Authorization: 'unused-on-loopback' },
    refreshInterval: 20,
    metricsInterval: 0,
    storageProvider: new InMemStorageProvider(),
    ...config,
  });
  const errors: unknown[] = [];
  const listen = () => sdk.on('error', (error) => errors.push(error));
  onTestFinished(() => {
    sdk.destroy();
    // It has forgotten who listens, and a fetch that was under way may still fail.
    listen();
  });
  listen();
  await new Promise((resolve) => sdk.once('synchronized', resolve));
  return { sdk, errors };
}

const version = (sdk: Unleash, context: Context) =>
  sdk.getVariant('support-agent.version', context).payload?.value;

const splitting = (split: Partial<Split>) => (snapshot: Snapshot) =>
  withService(
    snapshot,
    'support-agent',
    aService({ split: aSplit(split), pinnable: new Set(['2.2.0', '2.3.3', '2.4.0']) }),
  );

/** A few connections for thousands of questions; `fetch` takes a millisecond for each. */
function keepAsking(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 25 });
  onTestFinished(() => agent.destroy());
  const path = '/ofrep/v1/evaluate/flags/support-agent.version';
  return async (targetingKey: string) => {
    const asking = request({ host: '127.0.0.1', port, path, method: 'POST', agent });
    asking.end(JSON.stringify({ context: { targetingKey } }));
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    return ((await json(response)) as { value: string }).value;
  };
}

describe('5,000 users', () => {
  test('get the same version by OFREP, by Unleash’s SDK and by the formula', async () => {
    const { url, server, snapshots } = await agentsPort();
    snapshots.update(splitting({ weightPercent: 25 }));
    const { sdk } = await unleash(url);
    const ask = keepAsking(server.port);
    const people = users(5_000);
    const values = await Promise.all(people.map(ask));
    let given = 0;
    for (const [at, user] of people.entries()) {
      const formula = isWithin(25, releaseGroup('support-agent', '2.4.0'), user);
      expect([values[at], version(sdk, { userId: user })]).toEqual(
        formula ? ['2.4.0', '2.4.0'] : ['2.3.3', '2.3.3'],
      );
      if (formula) given += 1;
    }
    expect(given / 5_000).toBeCloseTo(0.25, 1);
  }, 60_000);

  test('get the same flag by both doors, at every percentage', async () => {
    const { url, snapshots } = await agentsPort();
    const percents = [0, 1, 2, 5, 10, 33, 50, 99, 100];
    snapshots.update((snapshot) =>
      percents.reduce(
        (next, percent) =>
          withFlag(
            next,
            `flag-${percent}`,
            aFlag({
              key: `flag-${percent}`,
              state: 'percentage',
              percent,
              allowed: new Set(['user-7', 'a, b', 'user-9']),
            }),
          ),
        snapshot,
      ),
    );
    const { sdk } = await unleash(url);
    const view = viewOf(snapshots.current(), 'production');
    for (const user of [...users(550), 'a, b']) {
      for (const percent of percents) {
        const evaluated = evaluate(view, `flag-${percent}`, { targetingKey: user });
        const expected = evaluated.ok && evaluated.value.value;
        expect(sdk.isEnabled(`flag-${percent}`, { userId: user })).toBe(expected);
      }
    }
  });
});

describe('both doors agree', () => {
  const contexts: EvaluationContext[] = users(12).flatMap((targetingKey) =>
    [undefined, '2.2.0', '2.3.3', '2.4.0', '9.9.9'].flatMap((sessionVersion) =>
      [
        undefined,
        ['2.4.0'],
        ['2.3.3'],
        ['2.3.3', '2.4.0'],
        ['2.4.0', '2.3.3'],
        ['2.3.3', '2.4.0', '2.5.0'],
        ['12.4.0', '2.4.01'],
        ['blue'],
      ].map((versions) => ({
        targetingKey,
        ...(sessionVersion === undefined ? {} : { sessionVersion }),
        ...(versions === undefined ? {} : { versions }),
      })),
    ),
  );

  const splits: [string, Partial<Split> | undefined][] = [
    ['no release', undefined],
    ['testers only', { weightPercent: 0, testers: new Set(['user-1', 'user-2']) }],
    ['a canary at 50 %', { weightPercent: 50, testers: new Set(['user-1']) }],
    ['full weight', { weightPercent: 100 }],
  ];

  test.each(splits)('on sessions and abilities with %s', async (_, split) => {
    const { url, snapshots } = await agentsPort();
    snapshots.update(
      split
        ? splitting(split)
        : (snapshot) =>
            withService(
              snapshot,
              'support-agent',
              aService({ pinnable: new Set(['2.2.0', '2.3.3']) }),
            ),
    );
    const { sdk } = await unleash(url);
    const view = viewOf(snapshots.current(), 'production');
    for (const context of contexts) {
      const evaluated = evaluate(view, 'support-agent.version', context);
      if (!evaluated.ok) throw new Error(evaluated.refusal.code);
      const properties: Record<string, string> = {};
      if (context.sessionVersion) properties.session_version = context.sessionVersion;
      const said = (join: string) => {
        if (context.versions) properties.versions = context.versions.join(join);
        const { name, payload } = sdk.getVariant('support-agent.version', {
          userId: context.targetingKey ?? '',
          properties,
        });
        return { name, value: payload?.value };
      };
      const { value, metadata } = evaluated.value;
      const name = metadata.assigned === 'split' ? metadata.arm : metadata.assigned;
      expect({ context, ...said(',') }).toEqual({ context, name, value });
      expect({ context, ...said(', ') }).toEqual({ context, name, value });
    }
  });

  test('without a user, wherever chance does not decide', async () => {
    const { url, snapshots } = await agentsPort();
    const { sdk } = await unleash(url);
    for (const weightPercent of [0, 100]) {
      snapshots.update(splitting({ weightPercent }));
      const evaluated = evaluate(
        viewOf(snapshots.current(), 'production'),
        'support-agent.version',
        {},
      );
      const expected = evaluated.ok && evaluated.value.value;
      await vi.waitFor(() => expect(version(sdk, {})).toBe(expected));
    }
  });

  test('on kill switches, those an agent merely asked for too', async () => {
    const { url, snapshots, evaluate: ask } = await agentsPort();
    snapshots.update((snapshot) => withKill(snapshot, 'writes', true));
    await ask('kill.refunds', {});
    const { sdk } = await unleash(url);
    const states = () =>
      ['writes', 'support-agent', 'global', 'refunds'].map((name) => sdk.isEnabled(`kill.${name}`));
    expect(states()).toEqual([true, false, false, false]);
    snapshots.killNow('global');
    await vi.waitFor(() => expect(states()).toEqual([true, true, true, true]));
    snapshots.liftKill('global', snapshots.revision());
    await vi.waitFor(() => expect(states()).toEqual([true, false, false, false]));
  });

  test('on flags that are off, on, and gone', async () => {
    const { url, snapshots } = await agentsPort();
    const allowed = new Set(['anna']);
    snapshots.update((snapshot) =>
      withFlag(
        withFlag(snapshot, 'off', aFlag({ key: 'off', state: 'off', allowed })),
        'on',
        aFlag({ key: 'on', state: 'on' }),
      ),
    );
    const { sdk } = await unleash(url);
    expect(sdk.isEnabled('off', { userId: 'anna' })).toBe(false);
    expect(sdk.isEnabled('on', {})).toBe(true);
    expect(sdk.isEnabled('gone', {}, true)).toBe(true);
  });
});

describe('Unleash’s client API', () => {
  test('answers 304 until something changes in this environment', async () => {
    const { url, snapshots } = await agentsPort();
    const features = (etag?: string) =>
      fetch(`${url}/api/client/features`, { headers: etag ? { 'if-none-match': etag } : {} });
    const first = await features();
    expect(await first.json()).toMatchObject({ version: 2 });
    const etag = first.headers.get('etag') ?? '';
    expect((await features(etag)).status).toBe(304);
    snapshots.update((snapshot) => withFlag(snapshot, 'x/staging', aFlag({ key: 'x' })));
    expect((await features(etag)).status).toBe(304);
    snapshots.update((snapshot) => withFlag(snapshot, 'x', aFlag({ key: 'x' })));
    expect((await features(etag)).status).toBe(200);
  });

  test('opens with the bare token, as Unleash’s SDKs send it', async () => {
    const tokens = readAgentTokens('staging:evaluate:*:development.secret-of-staging');
    if (!tokens.ok) throw new Error(tokens.refusal.join());
    const { url, snapshots } = await agentsPort({ tokens: tokens.value });
    snapshots.update((snapshot) => withKill(snapshot, 'writes/staging', true));
    const { sdk } = await unleash(url, {
      customHeaders: { Authorization: '*:development.secret-of-staging' },
    });
    expect(sdk.isEnabled('kill.writes')).toBe(true);
    expect((await fetch(`${url}/api/client/features`)).status).toBe(401);
  });

  test('takes registrations and metrics, and shows usage for each key', async () => {
    const { url, server } = await agentsPort();
    const { sdk, errors } = await unleash(url, { metricsInterval: 30 });
    version(sdk, { userId: 'anna' });
    sdk.isEnabled('kill.support-agent');
    sdk.isEnabled('kill.refunds');
    const metrics = async () => (await fetch(`${url}/metrics`)).text();
    await vi.waitFor(
      async () => {
        const text = await metrics();
        expect(text).toMatch(
          /signalman_usage_total\{feature="support-agent.version",answer="stable",environment="production"\} 1/,
        );
        expect(text).toMatch(/usage_total\{feature="kill.\(any\)",answer="no"/);
      },
      { timeout: 5_000, interval: 200 },
    );
    expect(server.usage.keysAsked('production')).toContain('kill.refunds');
    expect(server.usage.audience('production', 'kill.refunds')).toMatchObject({ pollers: 1 });
    expect(errors).toEqual([]);
  });

  test.each([
    ['/api/client/register', ''],
    ['/api/client/register', '{'],
    ['/api/client/register', {}],
    ['/api/client/register', { appName: 7 }],
    ['/api/client/metrics', []],
    ['/api/client/metrics', { appName: 'a' }],
    ['/api/client/metrics', { appName: 'a', bucket: { toggles: [] } }],
    ['/api/client/metrics', { appName: 'a', bucket: { toggles: { x: { yes: -1 } } } }],
  ])('refuses %s with %j in Unleash’s own words', async (path, body) => {
    const { post, complaints } = await agentsPort();
    const response = await post(path, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      name: 'BadDataError',
      details: expect.arrayContaining([{ message: expect.any(String) }]),
    });
    expect(complaints).toEqual([]);
  });
});

describe('Unleash Edge', () => {
  const tokens = () => {
    const read = readAgentTokens(
      'production:evaluate:*:production.secret, staging:evaluate:*:staging.secret, staging:kill:*:kill.secret',
    );
    if (!read.ok) throw new Error(read.refusal.join());
    return read.value;
  };

  test('hears which tokens are right, for which environment, and no other', async () => {
    const { post } = await agentsPort({ tokens: tokens() });
    const response = await post('/edge/validate', {
      tokens: ['*:staging.secret', '*:staging.wrong', '*:kill.secret', '*:production.secret'],
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      tokens: [
        { token: '*:staging.secret', type: 'client', environment: 'staging', projects: ['*'] },
        {
          token: '*:production.secret',
          type: 'client',
          environment: 'production',
          projects: ['*'],
        },
      ],
    });
  });

  test('cannot be used to guess tokens', async () => {
    const { post } = await agentsPort({ tokens: tokens() });
    const guess = (round: number) =>
      post('/edge/validate', { tokens: Array.from({ length: 60 }, (_, n) => `${round}-${n}`) });
    expect((await guess(1)).status).toBe(200);
    expect((await guess(2)).status).toBe(429);
    expect((await post('/edge/validate', { tokens: [7] })).status).toBe(400);
    expect((await post('/edge/validate', '')).status).toBe(400);
  });

  test('reports what the SDKs behind it decided', async () => {
    const { post, url, server } = await agentsPort();
    const metrics = [
      {
        featureName: 'support-agent.version',
        appName: 'a',
        yes: 7,
        no: 0,
        variants: { stable: 7 },
      },
      { featureName: 'kill.refunds', appName: 'a', yes: 0, no: 3 },
    ];
    const response = await post('/api/client/metrics/bulk', { applications: [], metrics });
    expect(response.status).toBe(202);
    expect((await post('/api/client/metrics/bulk', { metrics: 7 })).status).toBe(400);
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toContain('feature="support-agent.version",answer="stable"');
    expect(server.usage.keysAsked('production')).toContain('kill.refunds');
  });
});

describe('while Signalman is away', () => {
  test('the SDK goes on with what it knew, also after a restart of its own from its backup', async () => {
    const { url, snapshots, server } = await agentsPort();
    snapshots.update(splitting({ weightPercent: 100 }));
    const backupPath = mkdtempSync(join(tmpdir(), 'unleash-backup-'));
    onTestFinished(() => rmSync(backupPath, { recursive: true, force: true }));
    const config = { url: `${url}/api/`, appName: 'support-agent', backupPath };
    const first = new Unleash({ ...config, refreshInterval: 20, disableMetrics: true });
    first.on('error', () => {});
    await new Promise((resolve) => first.once('synchronized', resolve));
    await server.close();
    expect(version(first, { userId: 'anna' })).toBe('2.4.0');
    first.destroy();

    const restarted = new Unleash({ ...config, refreshInterval: 20, disableMetrics: true });
    onTestFinished(() => restarted.destroy());
    restarted.on('error', () => {});
    await new Promise((resolve) => restarted.once('ready', resolve));
    expect(version(restarted, { userId: 'anna' })).toBe('2.4.0');
  });
});
