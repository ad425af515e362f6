import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createAgentTelemetry } from '#adapters/agents/agent-telemetry.ts';
import { readAgentTokens } from '#adapters/agents/agent-token.ts';
import type { Caller } from '#adapters/agents/gate.ts';
import { BATCH_BYTES_MAX, createIngest } from '#adapters/agents/ingest.ts';
import type { Ingested } from '#operations/ingest-agent-logs.ts';
import type { Kept } from '#store/agent-logs.ts';
import { agentsPort, itemsOf } from '#test/support/agents.ts';
import { noon } from '#test/support/builders.ts';

const LOGS = '/v1/agent-logs';
const anItem = (item: object = {}) => ({
  service: 'support-agent',
  version: '2.3.3',
  success: true,
  ...item,
});

describe('a batch of agent logs', () => {
  test('is taken whole, with everything an item can say', async () => {
    const { post, records } = await agentsPort();
    const response = await post(LOGS, [
      anItem(),
      anItem({
        success: false,
        error: 'the tool did not answer',
        latency_ms: 812.5,
        tool_calls: 3,
        tool_failures: 1,
        injections: 0,
        unexpected_tools: 1,
        cost_usd: 0.0123,
        goal_reached: false,
        feedback: 'negative',
        key: 'anna',
        session: 's-1',
        assigned: 'pinned',
        timestamp: new Date(Date.now() - 60_000).toISOString(),
      }),
    ]);
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({
      taken: 2,
      unknown: { services: [], versions: [] },
      hints: [],
    });
    const [record] = records;
    const logs = records.flatMap(itemsOf);
    expect(logs[1]).toMatchObject({
      service: 'support-agent',
      success: false,
      latencyMs: 812.5,
      toolFailures: 1,
      costUsd: 0.0123,
      goalReached: false,
      feedback: 'negative',
      assigned: 'pinned',
    });
    expect(logs[0]).toMatchObject({ assigned: 'split' });
    expect(record?.rollUps.map(({ assigned }) => assigned).toSorted()).toEqual(['pinned', 'split']);
  });

  test('may be one object a line, packed, and empty', async () => {
    const { post, records } = await agentsPort();
    const lines = [anItem(), anItem({ latency_ms: 7 })].map((item) => JSON.stringify(item));
    const ndjson = { 'content-type': 'application/x-ndjson' };
    expect((await post(LOGS, `${lines.join('\n')}\n`, ndjson)).status).toBe(202);
    const packed = gzipSync(lines.join('\r\n'));
    expect((await post(LOGS, packed, { ...ndjson, 'content-encoding': 'gzip' })).status).toBe(202);
    expect((await post(LOGS, [])).status).toBe(202);
    expect(records.map((record) => itemsOf(record).length)).toEqual([2, 2, 0]);
  });

  test('may say null for what is absent, and feedback as a number', async () => {
    const { post, records } = await agentsPort();
    const item = anItem({
      error: null,
      latency_ms: null,
      feedback: -1,
      timestamp: null,
      key: null,
    });
    expect((await post(LOGS, [item])).status).toBe(202);
    expect(records.flatMap(itemsOf)[0]).toMatchObject({ feedback: 'negative' });
  });

  test('of names nobody announced is counted and says which', async () => {
    const { post, url } = await agentsPort();
    const response = await post(LOGS, [
      anItem(),
      anItem({ version: 'v2.4.0' }),
      anItem({ version: '9.9.9' }),
      anItem({ service: 'mailer', version: '1.0.0' }),
    ]);
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({
      taken: 4,
      unknown: {
        services: ['mailer'],
        versions: ['support-agent@v2.4.0', 'support-agent@9.9.9'],
      },
      hints: ['support-agent is known with 2.4.0, and not with v2.4.0: the same one?'],
    });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('signalman_agent_logs_total 4');
    expect(metrics).toContain(
      'signalman_agent_logs_unknown_total{service="mailer",version="1.0.0"} 1',
    );
  });

  test('cannot fill the metrics with names', async () => {
    const { post, url } = await agentsPort();
    const items = Array.from({ length: 200 }, (_, n) => anItem({ service: `invented-${n}` }));
    await post(LOGS, items);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics.match(/agent_logs_unknown_total\{/g)).toHaveLength(51);
    expect(metrics).toContain(
      'signalman_agent_logs_unknown_total{service="(other)",version="(other)"} 150',
    );
  });

  const later = new Date(Date.now() + 600_000).toISOString();
  const longAgo = new Date(Date.now() - 2 * 86_400_000).toISOString();

  test.each([
    ['no service', { service: undefined }, 'service'],
    ['a service that cannot be', { service: 'Support Agent' }, 'service'],
    ['a service named kill', { service: 'kill' }, 'service'],
    ['no version', { version: undefined }, 'version'],
    ['a version with a quote', { version: '2.4.0"' }, 'version'],
    ['no success', { success: undefined }, 'success'],
    ['success as text', { success: 'true' }, 'success'],
    ['an error that is a list', { error: ['x'] }, 'error'],
    ['a latency that is text', { latency_ms: 'fast' }, 'latency_ms'],
    ['a negative latency', { latency_ms: -1 }, 'latency_ms'],
    ['half a tool call', { tool_calls: 0.5 }, 'tool_calls'],
    ['more failures than calls', { tool_calls: 1, tool_failures: 2 }, 'tool_failures'],
    ['failures without calls', { tool_failures: 1 }, 'tool_failures'],
    ['negative injections', { injections: -1 }, 'injections'],
    ['unexpected tools by name', { unexpected_tools: ['rm'] }, 'unexpected_tools'],
    ['a negative cost', { cost_usd: -0.01 }, 'cost_usd'],
    ['a goal as text', { goal_reached: 'yes' }, 'goal_reached'],
    ['feedback of its own kind', { feedback: 'meh' }, 'feedback'],
    ['a key that is a number', { key: 7 }, 'key'],
    ['an assignment nobody makes', { assigned: 'luck' }, 'assigned'],
    ['a timestamp without a zone', { timestamp: '2026-11-20T12:00:00' }, 'timestamp'],
    ['a timestamp in the future', { timestamp: later }, 'timestamp'],
    ['a timestamp of last week', { timestamp: longAgo }, 'timestamp'],
    ['a timestamp in seconds', { timestamp: Math.floor(Date.now() / 1_000) }, 'timestamp'],
  ])('with %s is refused whole, naming item and field', async (_, wrong, field) => {
    const { post, records } = await agentsPort();
    const response = await post(LOGS, [anItem(), anItem(), anItem(wrong), anItem({ success: 1 })]);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: 'malformed_item',
      index: 2,
      field,
      message: expect.stringMatching(new RegExp(`^Item 2: ${field}: `)),
    });
    expect(records).toEqual([]);
  });

  test.each([
    ['an item that is null', '[null]', 0],
    ['an item that is a list', '[{"service":"a","version":"1","success":true},[]]', 1],
    ['a line that is not JSON', '{"service":"a","version":"1","success":true}\n{oops', 1],
    ['text', 'hello', 0],
  ])('with %s is refused, naming the item', async (_, body, index) => {
    const { post, records } = await agentsPort();
    const response = await post(LOGS, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ index, field: '(item)' });
    expect(records).toEqual([]);
  });

  test('that is no batch at all, or too much of one, is refused', async () => {
    const { post, records, complaints } = await agentsPort();
    expect((await post(LOGS, '')).status).toBe(400);
    expect((await post(LOGS, '[{"service":')).status).toBe(400);
    expect((await post(LOGS, new Uint8Array([0x5b, 0xff, 0x5d]))).status).toBe(400);
    expect((await post(LOGS, 'x'.repeat(5_300_000))).status).toBe(413);
    const bomb = gzipSync(Buffer.alloc(20_000_000, ' '));
    expect((await post(LOGS, bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
    expect((await post(LOGS, '[]', { 'content-encoding': 'zstd' })).status).toBe(415);
    expect((await post(LOGS, `[${'null,'.repeat(60_000)}null]`)).status).toBe(400);
    expect(records).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('with a key is a repeat the second time, and a mistake with another body', async () => {
    const outcomes: Kept[] = [{ is: 'recorded' }, { is: 'repeated' }, { is: 'key_reused' }];
    const keys: (string | undefined)[] = [];
    const { post } = await agentsPort({
      record: (batches) => {
        keys.push(...batches.map(({ idempotencyKey }) => idempotencyKey));
        return outcomes.slice(keys.length - 1, keys.length);
      },
    });
    const key = { 'idempotency-key': 'batch-7' };
    expect(await (await post(LOGS, [anItem()], key)).json()).toMatchObject({ taken: 1 });
    expect(await (await post(LOGS, [anItem()], key)).json()).toMatchObject({ repeated: true });
    expect((await post(LOGS, [anItem()], key)).status).toBe(409);
    expect((await post(LOGS, [], { 'idempotency-key': 'x'.repeat(300) })).status).toBe(400);
    expect(keys).toEqual(Array(3).fill('loopback batch-7'));
  });

  test('says that it was not kept when it could not be', async () => {
    const { post, complaints } = await agentsPort({
      record: () => {
        throw new Error('the disk is full');
      },
    });
    const response = await post(LOGS, [anItem()]);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(complaints).toHaveLength(1);
  });

  test('of a token’s environment belongs to that environment', async () => {
    const tokens = readAgentTokens('staging:ingest:secret-of-staging');
    if (!tokens.ok) throw new Error(tokens.refusal.join());
    const { post, records } = await agentsPort({ tokens: tokens.value });
    const headers = { authorization: 'Bearer secret-of-staging' };
    expect((await post(LOGS, [anItem()], headers)).status).toBe(202);
    expect(records.flatMap(itemsOf)[0]?.service).toBe('support-agent/staging');
    const elsewhere = anItem({ service: 'support-agent/production' });
    const refused = await post(LOGS, [elsewhere], headers);
    expect(await refused.json()).toMatchObject({ index: 0, field: 'service' });
  });
});

test('batches wait for whoever stores them, and no more of them than memory should hold', async () => {
  const stored = Promise.withResolvers<Ingested>();
  const telemetry = createAgentTelemetry(() => {});
  const ingest = createIngest({ ingest: () => stored.promise, telemetry, clock: () => noon });
  const send = (body: Buffer) => ingest({ caller, body, idempotencyKey: undefined });
  const long = Buffer.from('[]'.padEnd(BATCH_BYTES_MAX));
  const short = Buffer.from('[]');
  // However short they are, two thousand are many.
  const waiting = Array.from({ length: 134 }, (_, nth) => send(nth < 6 ? long : short));
  expect(await send(short)).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
  stored.resolve({ outcome: 'recorded', unknown: [] });
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(Array(134).fill(202));
  expect(await send(long)).toMatchObject({ status: 202 });
});

const caller: Caller = {
  actor: { kind: 'token', id: 'loopback' },
  environment: 'production',
  isDefaultEnvironment: true,
  scopes: new Set(['ingest']),
};
