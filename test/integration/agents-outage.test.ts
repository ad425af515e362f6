/** What each client does while Signalman is away, and when it is back: the table in docs/agents.md. */
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature as OpenFeatureServer } from '@openfeature/server-sdk';
import { OpenFeature as OpenFeatureWeb, type Provider } from '@openfeature/web-sdk';
import { EventSource } from 'eventsource';
import { InMemStorageProvider, Unleash } from 'unleash-client';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { SnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import { withService } from '#domain/snapshot.ts';
import { agentsPort, aService, aSplit } from '#test/support/agents.ts';

const VERSION = 'support-agent.version';
const anna = { targetingKey: 'anna' };
const RECONNECT_MS_MAX = 12_000;

function serve(snapshots: SnapshotHolder, candidate: string) {
  snapshots.update((snapshot) =>
    withService(
      snapshot,
      'support-agent',
      aService({ split: aSplit({ candidate, weightPercent: 100 }) }),
    ),
  );
}

/** Signalman serving 2.4.0; it can go away and come back at the same address with 2.5.0. */
async function signalman() {
  const first = await agentsPort();
  serve(first.snapshots, '2.4.0');
  const { port } = first.server;
  return {
    url: first.url,
    goAway: () => first.server.close(),
    comeBack: async () => {
      const second = await agentsPort({}, { port });
      serve(second.snapshots, '2.5.0');
      return second;
    },
  };
}

describe('while Signalman is away', () => {
  test('OpenFeature’s server SDK gives the default in the code, without an exception', async () => {
    const { url, goAway, comeBack } = await signalman();
    await OpenFeatureServer.setProviderAndWait(new OFREPProvider({ baseUrl: url }));
    onTestFinished(() => OpenFeatureServer.clearProviders());
    const agent = OpenFeatureServer.getClient();
    const lastKnown = await agent.getStringValue(VERSION, '2.3.3', anna);
    expect(lastKnown).toBe('2.4.0');

    await goAway();
    expect(await agent.getStringDetails(VERSION, lastKnown, anna)).toMatchObject({
      value: '2.4.0',
      reason: 'ERROR',
      errorCode: 'GENERAL',
    });
    await comeBack();
    expect(await agent.getStringValue(VERSION, lastKnown, anna)).toBe('2.5.0');
  });

  test('OpenFeature’s web SDK keeps what it had, and hears of what changed meanwhile', async () => {
    vi.stubGlobal('EventSource', EventSource);
    onTestFinished(() => {
      vi.unstubAllGlobals();
    });
    const { url, goAway, comeBack } = await signalman();
    await OpenFeatureWeb.setContext(anna);
    const provider = new OFREPWebProvider({ baseUrl: url, cacheMode: 'disabled' }) as Provider;
    await OpenFeatureWeb.setProviderAndWait(provider);
    onTestFinished(() => OpenFeatureWeb.clearProviders());
    const agent = OpenFeatureWeb.getClient();
    expect(agent.getStringValue(VERSION, '2.3.3')).toBe('2.4.0');

    await goAway();
    await vi.waitFor(() => expect(agent.providerStatus).toBe('STALE'));
    expect(agent.getStringDetails(VERSION, '2.3.3')).toMatchObject({ value: '2.4.0' });

    await comeBack();
    await vi.waitFor(() => expect(agent.getStringValue(VERSION, '2.3.3')).toBe('2.5.0'), {
      timeout: RECONNECT_MS_MAX,
      interval: 50,
    });
  }, 20_000);

  test('Unleash’s SDK keeps deciding by what it had, and catches up when we are back', async () => {
    const { url, goAway, comeBack } = await signalman();
    const sdk = new Unleash({
      url: `${url}/api/`,
      appName: 'support-agent',
      refreshInterval: 50,
      disableMetrics: true,
      storageProvider: new InMemStorageProvider(),
    });
    onTestFinished(() => sdk.destroy());
    sdk.on('error', () => {});
    await new Promise((resolve) => sdk.once('synchronized', resolve));
    const version = () => sdk.getVariant(VERSION, { userId: 'anna' }).payload?.value;
    expect(version()).toBe('2.4.0');

    await goAway();
    await new Promise((resolve) => sdk.once('error', resolve));
    expect(version()).toBe('2.4.0');

    await comeBack();
    await vi.waitFor(() => expect(version()).toBe('2.5.0'), {
      timeout: RECONNECT_MS_MAX,
      interval: 50,
    });
  }, 20_000);
});
