/** How calls of Slack fail, sorted by what follows from it. */
import { describe, expect, test } from 'vitest';
import { SlackFailure } from '#adapters/slack/outbound/slack-client.ts';
import { createWebSlackClient } from '#adapters/slack/outbound/web-client.ts';
import type { Fault } from '#sandbox/protocol.ts';
import { SECRETS, standIn } from '#test/support/stand-in.ts';

const hello = { channel: 'agent-ops', text: 'hello', blocks: [], effect: '7' };

function clientAt(apiUrl: string, { botToken = SECRETS.botToken, timeoutMs = 8_000 } = {}) {
  const observed: { method: string; outcome: string; ms: number }[] = [];
  const warned: object[] = [];
  const note = (details: object) => {
    warned.push(details);
  };
  const client = createWebSlackClient({
    slack: { apiUrl, botToken },
    monotonicMs: () => performance.now(),
    observe: (call) => observed.push(call),
    log: { info: note, warn: note, error: note },
    timeoutMs,
  });
  return { client, observed, warned };
}

async function failureOf(work: Promise<unknown>): Promise<SlackFailure> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof SlackFailure) return error;
  throw new Error(`this is no failure of Slack: ${String(error)}`);
}

const faultsAndKinds: readonly (readonly [Fault, Partial<SlackFailure>])[] = [
  [
    { method: '*', fault: 'status', status: 429, retryAfterSeconds: 17 },
    { kind: 'limited', retryAfterMs: 17_000 },
  ],
  [{ method: '*', fault: 'error', error: 'token_revoked' }, { kind: 'revoked' }],
  [{ method: '*', fault: 'error', error: 'account_inactive' }, { kind: 'revoked' }],
  [{ method: '*', fault: 'error', error: 'is_archived' }, { kind: 'channel_gone' }],
  [
    { method: '*', fault: 'error', error: 'msg_too_long' },
    { kind: 'clear', code: 'msg_too_long' },
  ],
  [{ method: '*', fault: 'error', error: 'internal_error' }, { kind: 'unclear' }],
  [
    { method: '*', fault: 'status', status: 503 },
    { kind: 'unclear', code: 'http_503' },
  ],
  [
    { method: '*', fault: 'drop' },
    { kind: 'unclear', code: 'unreachable' },
  ],
  [{ method: '*', fault: 'drop_after_accepting' }, { kind: 'unclear' }],
];

describe('a call that fails', () => {
  test.each(faultsAndKinds)('%j is %j, and is not tried again', async (fault, expected) => {
    const slack = await standIn();
    slack.setFaults([fault]);
    const { client, observed } = clientAt(slack.apiUrl);
    expect(await failureOf(client.post(hello))).toMatchObject(expected);
    expect(observed).toHaveLength(1);
    expect(observed[0]?.outcome).not.toBe('ok');
    expect(slack.traffic.calls.length).toBeLessThanOrEqual(1);
  });

  test('is unclear when Slack accepts and then says nothing', async () => {
    const slack = await standIn();
    slack.setFaults([{ method: 'chat.postMessage', fault: 'delay', delayMs: 1_000 }]);
    const { client } = clientAt(slack.apiUrl, { timeoutMs: 200 });
    expect(await failureOf(client.post(hello))).toMatchObject({ kind: 'unclear' });
  });

  test('is clear when nobody was listening', async () => {
    const slack = await standIn();
    await slack.close();
    const { client } = clientAt(slack.apiUrl);
    expect(await failureOf(client.post(hello))).toMatchObject({ kind: 'clear' });
  });

  test('is clear where the bot is no member, and says which way in is missing', async () => {
    const slack = await standIn();
    const { client } = clientAt(slack.apiUrl);
    const failure = await failureOf(client.post({ ...hello, channel: 'general' }));
    expect(failure).toMatchObject({ kind: 'channel_gone', code: 'not_in_channel' });
  });
});

describe('a call that works', () => {
  test('answers with the channel’s ID and can be found by its effect', async () => {
    const slack = await standIn();
    const { client, observed } = clientAt(slack.apiUrl);
    const place = await client.post(hello);
    expect(place.channel).toBe('C0AGENTOPS');
    const { messages } = await client.history({ channel: place.channel, oldest: '0' });
    expect(messages).toEqual([{ ts: place.ts, effect: '7' }]);
    expect(observed.map(({ method, outcome }) => `${method} ${outcome}`)).toEqual([
      'chat.postMessage ok',
      'conversations.history ok',
    ]);
  });

  test('keeps pages apart, so that a busy channel is read to its end', async () => {
    const slack = await standIn({ rateLimits: 'off' });
    const { client } = clientAt(slack.apiUrl);
    const places = [];
    for (let count = 0; count < 205; count += 1) places.push(await client.post(hello));
    const channel = places[0]?.channel ?? '';
    const { messages, cursor } = await client.history({ channel, oldest: '0' });
    expect(messages).toHaveLength(200);
    if (cursor === undefined) throw new Error('there is a second page');
    const rest = await client.history({ channel, oldest: '0', cursor });
    expect(rest.messages).toHaveLength(5);
    expect(rest.cursor).toBeUndefined();
  });

  test('makes nothing live that was not marked up', async () => {
    const slack = await standIn();
    const { client } = clientAt(slack.apiUrl);
    await client.post(hello);
    expect(slack.traffic.calls[0]?.args).toMatchObject({
      parse: 'none',
      link_names: 'false',
      unfurl_links: 'false',
      unfurl_media: 'false',
    });
  });
});
