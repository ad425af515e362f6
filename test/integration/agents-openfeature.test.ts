import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature as OpenFeatureServer } from '@openfeature/server-sdk';
import { OpenFeature as OpenFeatureWeb, type Provider, ProviderEvents } from '@openfeature/web-sdk';
import { EventSource } from 'eventsource';
import { afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { readAgentTokens } from '#adapters/agents/agent-token.ts';
import { isWithin, releaseGroup } from '#domain/bucketing.ts';
import { withFlag, withKill, withService } from '#domain/snapshot.ts';
import { aFlag, agentsPort, aService, aSplit, users } from '#test/support/agents.ts';

const SECRET = 'a-secret-of-agents';

function withToken() {
  const tokens = readAgentTokens(`production:evaluate:${SECRET}`);
  if (!tokens.ok) throw new Error(tokens.refusal.join());
  return { tokens: tokens.value };
}

afterEach(async () => {
  await OpenFeatureServer.clearProviders();
  await OpenFeatureWeb.clearProviders();
});

describe('OpenFeature’s server SDK', () => {
  async function client(url: string) {
    const provider = new OFREPProvider({
      baseUrl: url,
      headers: [['Authorization', `Bearer ${SECRET}`]],
    });
    await OpenFeatureServer.setProviderAndWait(provider);
    return OpenFeatureServer.getClient();
  }

  test('gets versions, switches and flags, with their details', async () => {
    const { url, snapshots } = await agentsPort(withToken());
    snapshots.update((snapshot) =>
      withFlag(
        withService(
          withKill(snapshot, 'writes', true),
          'support-agent',
          aService({ split: aSplit({ weightPercent: 100 }) }),
        ),
        'new-search',
        aFlag({ state: 'percentage', percent: 0, allowed: new Set(['anna']) }),
      ),
    );
    const agent = await client(url);
    const anna = { targetingKey: 'anna' };
    expect(await agent.getStringDetails('support-agent.version', '0', anna)).toMatchObject({
      value: '2.4.0',
      variant: 'candidate',
      reason: 'SPLIT',
      flagMetadata: { release: 12, step: 3, arm: 'candidate', killed: false },
    });
    expect(await agent.getBooleanValue('kill.writes', false)).toBe(true);
    expect(await agent.getBooleanValue('kill.reads', true)).toBe(false);
    expect(await agent.getBooleanValue('new-search', false, anna)).toBe(true);
    expect(await agent.getBooleanValue('new-search', true, { targetingKey: 'ben' })).toBe(false);
  });

  test('falls back to the default in the code for what is unknown', async () => {
    const { url } = await agentsPort(withToken());
    const agent = await client(url);
    expect(await agent.getBooleanDetails('no-such-flag', true)).toMatchObject({
      value: true,
      errorCode: 'FLAG_NOT_FOUND',
    });
  });

  test('keeps a conversation on its version, and an agent on what it can run', async () => {
    const { url, snapshots } = await agentsPort(withToken());
    snapshots.update((snapshot) =>
      withService(snapshot, 'support-agent', aService({ split: aSplit({ weightPercent: 100 }) })),
    );
    const agent = await client(url);
    const version = (context: object) =>
      agent.getStringValue('support-agent.version', '0', { targetingKey: 'anna', ...context });
    expect(await version({})).toBe('2.4.0');
    expect(await version({ session_version: '2.3.3' })).toBe('2.3.3');
    expect(await version({ versions: ['2.3.3'] })).toBe('2.3.3');
    expect(await version({ versions: ['2.3.3', '2.4.0'] })).toBe('2.4.0');
  });

  test('draws each user as the formula does, whatever the alphabet', async () => {
    const { url, snapshots } = await agentsPort(withToken());
    snapshots.update((snapshot) =>
      withService(snapshot, 'support-agent', aService({ split: aSplit({ weightPercent: 50 }) })),
    );
    const agent = await client(url);
    const people = [...users(40), 'Ünal', '山田', '🦊', 'a b+c%', '\u0000', 'x'.repeat(2_000)];
    for (const targetingKey of people) {
      const expected = isWithin(50, releaseGroup('support-agent', '2.4.0'), targetingKey);
      const version = await agent.getStringValue('support-agent.version', '0', { targetingKey });
      expect(version).toBe(expected ? '2.4.0' : '2.3.3');
    }
  });
});

describe('OpenFeature’s web SDK', () => {
  beforeAll(() => {
    // Browsers have one; on Node 24 the provider would stay stale without a word.
    vi.stubGlobal('EventSource', EventSource);
    return () => vi.unstubAllGlobals();
  });

  async function client(url: string, targetingKey = 'anna') {
    await OpenFeatureWeb.setContext({ targetingKey });
    // Its declarations do not know the compiler's exactOptionalPropertyTypes; it is a provider.
    const provider = new OFREPWebProvider({
      baseUrl: url,
      headers: [['Authorization', `Bearer ${SECRET}`]],
      cacheMode: 'disabled',
    }) as Provider;
    await OpenFeatureWeb.setProviderAndWait(provider);
    onTestFinished(() => OpenFeatureWeb.clearProviders());
    return OpenFeatureWeb.getClient();
  }

  const changed = (agent: Awaited<ReturnType<typeof client>>) =>
    new Promise<void>((resolve) => {
      agent.addHandler(ProviderEvents.ConfigurationChanged, () => resolve());
    });

  test('hears of a kill through its stream at once', async () => {
    const { url, snapshots, server } = await agentsPort(withToken());
    const agent = await client(url);
    expect(agent.getBooleanValue('kill.support-agent', true)).toBe(false);
    await vi.waitFor(() => expect(server.streams.count()).toBe(1));

    const heard = changed(agent);
    const startedMs = performance.now();
    snapshots.killNow('support-agent');
    await heard;
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(agent.getBooleanValue('kill.support-agent', false)).toBe(true);
    expect(await server.streams.told()).toMatchObject({ streams: 1 });
  });

  test('misses nothing that changes between its first fetch and its stream', async () => {
    const { url, snapshots } = await agentsPort(withToken());
    const agent = await client(url);
    const heard = changed(agent);
    snapshots.killNow('global');
    await heard;
    expect(agent.getBooleanValue('kill.support-agent', false)).toBe(true);
  });

  test('gets the other person’s answers when its person changes', async () => {
    const { url, snapshots } = await agentsPort(withToken());
    snapshots.update((snapshot) =>
      withFlag(snapshot, 'new-search', aFlag({ state: 'percentage', allowed: new Set(['anna']) })),
    );
    const agent = await client(url, 'anna');
    expect(agent.getBooleanValue('new-search', false)).toBe(true);
    await OpenFeatureWeb.setContext({ targetingKey: 'ben' });
    expect(agent.getBooleanValue('new-search', true)).toBe(false);
  });
});
