import { describe, expect, test, vi } from 'vitest';
import { readAgentTokens } from '#adapters/agents/agent-token.ts';
import { withFlag, withKill } from '#domain/snapshot.ts';
import { asInstant, HOUR_MS } from '#domain/time.ts';
import { aFlag, agentsPort } from '#test/support/agents.ts';
import { StreamData } from '#test/support/ofrep-schema.ts';

const STREAM = '/ofrep/v1/stream';
const BULK = '/ofrep/v1/evaluate/flags';
const SECRET = 'a-secret-of-agents';
const bearer = { authorization: `Bearer ${SECRET}` };
const anna = { context: { targetingKey: 'anna' } };

function tokensOf(text: string) {
  const tokens = readAgentTokens(text);
  if (!tokens.ok) throw new Error(tokens.refusal.join());
  return tokens.value;
}
const withToken = () => ({ tokens: tokensOf(`production:evaluate:${SECRET}`) });

/** What arrives on a stream, as it arrives. */
async function listen(url: string, headers: Record<string, string> = {}) {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  const state = { text: '', ended: false };
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) state.text += decoder.decode(chunk);
  })();
  reading
    .catch(() => {})
    .finally(() => {
      state.ended = true;
    });
  const events = () =>
    [...state.text.matchAll(/^id: (.*)\nevent: message\ndata: (.*)\n\n/gm)].map(([, id, data]) => ({
      id,
      data: StreamData.parse(JSON.parse(data ?? '')),
    }));
  return { response, events, state, stop: () => abort.abort() };
}

type Bulk = { eventStreams: { endpoint: { requestUri: string } }[] };
const streamOf = async (response: Response) =>
  ((await response.json()) as Bulk).eventStreams[0]?.endpoint.requestUri ?? '';

describe('an event stream', () => {
  test('starts with one word to fetch, since something may have changed before it opened', async () => {
    const { url } = await agentsPort();
    const stream = await listen(`${url}${STREAM}`);
    expect(stream.response.headers.get('content-type')).toContain('text/event-stream');
    await vi.waitFor(() => expect(stream.events()).toHaveLength(1));
    expect(stream.events()[0]?.data.etag).toBe(stream.events()[0]?.id);
    expect(stream.state.text).toMatch(/^retry: \d+\n\n/);
    stream.stop();
  });

  test('tells of a change at once, and only of those in its environment', async () => {
    const { url, snapshots, server } = await agentsPort();
    const stream = await listen(`${url}${STREAM}`);
    await vi.waitFor(() => expect(stream.events()).toHaveLength(1));
    snapshots.update((snapshot) => withFlag(snapshot, 'new-search/staging', aFlag()));
    snapshots.update((snapshot) => withKill(snapshot, 'writes', true));
    await vi.waitFor(() => expect(stream.events()).toHaveLength(2));
    expect(stream.events()[1]?.id).not.toBe(stream.events()[0]?.id);
    expect(await server.streams.told()).toMatchObject({ streams: 1 });
    stream.stop();
    await vi.waitFor(() => expect(server.streams.count()).toBe(0));
  });

  test('that comes back with the newest tag is told nothing twice', async () => {
    const { url } = await agentsPort();
    const first = await listen(`${url}${STREAM}`);
    await vi.waitFor(() => expect(first.events()).toHaveLength(1));
    first.stop();
    const again = await listen(`${url}${STREAM}`, {
      'last-event-id': first.events()[0]?.id ?? '',
    });
    await vi.waitFor(() => expect(again.state.text).toContain('retry'));
    expect(again.events()).toEqual([]);
    again.stop();
  });

  test('is not opened for whoever asks for its head alone', async () => {
    const { url, server } = await agentsPort();
    const { status, headers } = await fetch(`${url}${STREAM}`, { method: 'HEAD' });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/event-stream');
    expect(server.streams.count()).toBe(0);
  });

  test('ends when the process stops', async () => {
    const { url, server } = await agentsPort();
    const stream = await listen(`${url}${STREAM}`);
    await server.close();
    await vi.waitFor(() => expect(stream.state.ended).toBe(true));
  });

  test('tells everybody of the last of many changes', async () => {
    // Time passes with each look at it, so that few streams already take several turns.
    let nowMs = 0;
    const monotonicMs = () => {
      nowMs += 1;
      return nowMs;
    };
    const { url, snapshots } = await agentsPort({ monotonicMs });
    const streams = await Promise.all(Array.from({ length: 40 }, () => listen(`${url}${STREAM}`)));
    await vi.waitFor(() => expect(streams.every((one) => one.events().length > 0)).toBe(true));
    for (let round = 0; round < 5; round += 1) {
      snapshots.update((snapshot) => withKill(snapshot, 'writes', round % 2 === 0));
      snapshots.update((snapshot) => withKill(snapshot, 'reads', round % 2 === 0));
      await new Promise((resolve) => setImmediate(resolve));
    }
    // Nobody can be told of all of it before others had their turn.
    expect(new Set(streams.map((one) => one.events().length)).size).toBeGreaterThan(1);
    const newest = () => new Set(streams.map((one) => one.events().at(-1)?.id));
    const expected = `-${snapshots.revisionOf('production')}`;
    await vi.waitFor(() => expect([...newest()]).toEqual([expect.stringContaining(expected)]));
    for (const stream of streams) stream.stop();
  });
});

describe('the ticket in a stream’s address', () => {
  test('opens it without any header', async () => {
    const { url, post } = await agentsPort(withToken());
    const address = await streamOf(await post(BULK, anna, bearer));
    const stream = await listen(`${url}${address}`);
    expect(stream.response.status).toBe(200);
    stream.stop();
  });

  test('is needed, unless the token itself is sent', async () => {
    const { url } = await agentsPort(withToken());
    expect((await fetch(`${url}${STREAM}`)).status).toBe(401);
    const stream = await listen(`${url}${STREAM}`, bearer);
    expect(stream.response.status).toBe(200);
    stream.stop();
  });

  test('cannot be forged, nor used for another token', async () => {
    const tokens = tokensOf(`production:evaluate:${SECRET}, staging:evaluate:another-secret`);
    const { url, post } = await agentsPort({ tokens });
    const address = await streamOf(await post(BULK, anna, bearer));
    const [id = '', until = '', signature = ''] = address.split('ticket=')[1]?.split('.') ?? [];
    const other = encodeURIComponent(tokens[1]?.id ?? '');
    for (const forged of [
      `${id}.${Number(until) + 1}.${signature}`,
      `${other}.${until}.${signature}`,
      `${id}.${until}.${signature.slice(1)}`,
      `${id}.${until}`,
      '..',
      'x',
      '%E0%A4%A',
    ]) {
      expect((await fetch(`${url}${STREAM}?ticket=${forged}`)).status).toBe(401);
    }
  });

  test('outlives a restart, and dies after two hours; by then the answer has a new one', async () => {
    let now = asInstant(Date.now());
    const deps = { ...withToken(), clock: () => now };
    const first = await agentsPort(deps);
    const bulk = await first.post(BULK, anna, bearer);
    const etag = bulk.headers.get('etag') ?? '';
    const address = await streamOf(bulk);
    await first.server.close();

    const second = await agentsPort(deps);
    const stream = await listen(`${second.url}${address}`);
    expect(stream.response.status).toBe(200);
    stream.stop();
    const known = { ...bearer, 'if-none-match': etag };
    expect((await second.post(BULK, anna, known)).status).toBe(304);

    now = asInstant(now + 2 * HOUR_MS);
    expect((await fetch(`${second.url}${address}`)).status).toBe(401);
    const renewed = await second.post(BULK, anna, known);
    expect(renewed.status).toBe(200);
    expect(await streamOf(renewed)).not.toBe(address);
  });
});
