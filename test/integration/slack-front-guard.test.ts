/** What reaches Slack's address without being Slack's, and what Slack never sends. */
import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listen } from '#adapters/http/listen.ts';
import { createFrontGuard } from '#adapters/slack/inbound/front-guard.ts';
import { asInstant, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import { bot } from '#test/support/slack-bot.ts';
import { SECRETS } from '#test/support/stand-in.ts';

/** The example that Slack publishes for checking one's own verifier. */
const EXAMPLE = {
  secret: '8f742231b10e8888abcd99yyyzzz85a5',
  timestamp: '1531420618',
  body: 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
};

const FORM = 'application/x-www-form-urlencoded';
const COMMAND = new URLSearchParams({
  command: '/rollout',
  text: 'flag set answers 10%',
  user_id: 'U0ANA',
  team_id: 'T0SIGNAL',
  channel_id: 'C0AGENTOPS',
  channel_name: 'agent-ops',
  trigger_id: '1.2.3',
}).toString();

const sign = (secret: string, timestamp: string, body: string | Buffer) =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`;

/** The guard alone, with a clock that stands still; what passes is answered with 204. */
async function guard(secret = SECRETS.signingSecret, nowMs = 1_531_420_618_000) {
  const time = { nowMs, monotonicMs: 0 };
  const passed: string[] = [];
  const handle = createFrontGuard({
    signingSecret: secret,
    clock: () => asInstant(time.nowMs),
    monotonicMs: () => time.monotonicMs,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    pass: ({ rawBody }, response) => {
      passed.push(rawBody.toString());
      response.writeHead(204).end();
    },
  });
  const { port, close } = await listen({ host: '127.0.0.1', port: 0, handle });
  onTestFinished(() => close());
  const url = `http://127.0.0.1:${port}/slack/events`;

  type Sent = { type?: string; timestamp?: string; signature?: string; method?: string };
  const send = async (body: string | Buffer, about: Sent = {}) => {
    const timestamp = about.timestamp ?? String(Math.floor(time.nowMs / SECOND_MS));
    const response = await fetch(url, {
      method: about.method ?? 'POST',
      headers: {
        'content-type': about.type ?? FORM,
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': about.signature ?? sign(secret, timestamp, body),
      },
      ...(about.method === 'GET' ? {} : { body: body as string }),
    });
    return response.status;
  };
  return { send, passed, time, port, url };
}

describe('a signature', () => {
  test('of the published example is taken, at its time', async () => {
    const { send, passed } = await guard(EXAMPLE.secret);
    expect(await send(EXAMPLE.body, EXAMPLE)).toBe(204);
    expect(passed).toEqual([EXAMPLE.body]);
  });

  test('is taken with the new secret and with the old one while they change', async () => {
    const { send, time } = await guard('the-new-one, the-old-one');
    const timestamp = String(Math.floor(time.nowMs / SECOND_MS));
    for (const [secret, status] of [
      ['the-new-one', 204],
      ['the-old-one', 204],
      ['the-new-one, the-old-one', 401],
    ] as const)
      expect(await send(COMMAND, { signature: sign(secret, timestamp, COMMAND) })).toBe(status);
  });

  test('of the published example is refused with one letter changed', async () => {
    const { send, passed } = await guard(EXAMPLE.secret);
    expect(await send(EXAMPLE.body.replace('foobar', 'foobaz'), EXAMPLE)).toBe(401);
    expect(await send(EXAMPLE.body, { ...EXAMPLE, timestamp: '1531420619' })).toBe(401);
    expect(passed).toEqual([]);
  });

  test.each([
    [-5 * MINUTE_MS, 204],
    [-5 * MINUTE_MS - SECOND_MS, 401],
    [5 * MINUTE_MS, 204],
    [5 * MINUTE_MS + SECOND_MS, 401],
    [24 * 60 * MINUTE_MS, 401],
  ])('made %i ms from now is answered %i', async (fromNowMs, status) => {
    const { send, time } = await guard();
    const timestamp = String((time.nowMs + fromNowMs) / SECOND_MS);
    expect(await send(COMMAND, { timestamp })).toBe(status);
  });

  test.each(['', 'v0=', 'v1=00', 'v0=zz', `v0=${'0'.repeat(63)}`, `v0=${'0'.repeat(64)}`])(
    '“%s” is refused',
    async (signature) => {
      const { send } = await guard();
      expect(await send(COMMAND, { signature })).toBe(401);
    },
  );

  test.each(['', 'soon', '1e9', '-1531420618', '99999999999999999999'])(
    'with the timestamp “%s” is refused',
    async (timestamp) => {
      const { send } = await guard();
      expect(await send(COMMAND, { timestamp })).toBe(401);
    },
  );
});

describe('the same bytes again', () => {
  test('are acknowledged and do nothing, as long as their signature could be valid', async () => {
    const { send, passed, time } = await guard();
    expect(await send(COMMAND)).toBe(204);
    for (const wait of [0, SECOND_MS, 4 * MINUTE_MS]) {
      const timestamp = String(1_531_420_618);
      time.monotonicMs += wait;
      expect(await send(COMMAND, { timestamp })).toBe(200);
    }
    expect(passed).toHaveLength(1);
  });

  test('signed anew are a request of their own, as Slack’s retries are', async () => {
    const { send, passed, time } = await guard();
    await send(COMMAND);
    time.nowMs += SECOND_MS;
    expect(await send(COMMAND)).toBe(204);
    expect(passed).toHaveLength(2);
  });
});

describe('a body', () => {
  const payload = (json: string) => new URLSearchParams({ payload: json }).toString();
  const JSON_TYPE = 'application/json';
  const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  const click = { type: 'block_actions', user: { id: 'U0ANA' }, container: {}, actions: [] };

  test.each([
    ['null as JSON', 'null', JSON_TYPE],
    ['a list as JSON', '[]', JSON_TYPE],
    ['a number as JSON', '1', JSON_TYPE],
    ['no JSON at all', '{', JSON_TYPE],
    ['nothing', '', JSON_TYPE],
    ['an empty form', '', FORM],
    ['payload=null', payload('null'), FORM],
    ['payload=[]', payload('[]'), FORM],
    ['payload=1', payload('1'), FORM],
    ['a payload that is no JSON', payload('{'), FORM],
    ['a payload of no known type', payload('{"type":"surprise"}'), FORM],
    ['a click without a button', payload(JSON.stringify(click)), FORM],
    [
      'a payload 33 deep',
      payload(`{"type":"shortcut","callback_id":"c","user":{"id":"U"},"x":${deep(33)}}`),
      FORM,
    ],
    [
      'a payload with __proto__',
      payload('{"type":"shortcut","callback_id":"c","user":{"id":"U"},"__proto__":{}}'),
      FORM,
    ],
    ['a field twice', `${COMMAND}&text=list`, FORM],
    ['a command without a person', 'command=%2Frollout&team_id=T&trigger_id=1', FORM],
    ['a form under another type', COMMAND, 'text/plain'],
    ['a form with a charset', COMMAND, `${FORM}; charset=utf-8`],
  ])('of %s is refused with 400 and harms nothing', async (_, body, type) => {
    const { send, passed } = await guard();
    expect(await send(body, { type })).toBe(400);
    expect(passed).toEqual([]);
    expect(await send(`${COMMAND}&nonce=1`)).toBe(204);
  });

  test('over 256 KiB is refused by its stated length and while it streams', async () => {
    const { send, url } = await guard();
    const large = `command=%2Frollout&text=${'x'.repeat(257 * 1024)}`;
    expect(await send(large)).toBe(413);
    const streamed = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': FORM },
      body: ReadableStream.from(
        (function* () {
          for (let sent = 0; sent < 300; sent += 1) yield new Uint8Array(1024);
        })(),
      ),
      duplex: 'half',
    } as RequestInit);
    expect(streamed.status).toBe(413);
  });

  test('that is not UTF-8 is refused', async () => {
    const { send } = await guard();
    expect(await send(Buffer.from([0x63, 0xff, 0xfe]))).toBe(400);
  });

  test('that only checks the certificate is answered and goes no further', async () => {
    const { send, passed } = await guard();
    expect(await send('ssl_check=1&command=%2Frollout', { signature: '' })).toBe(200);
    expect(passed).toEqual([]);
  });
});

describe('a request', () => {
  test('that is no POST, or to another path, is refused', async () => {
    const { send, url } = await guard();
    expect(await send('', { method: 'GET' })).toBe(405);
    expect((await fetch(url.replace('events', 'other'), { method: 'POST' })).status).toBe(404);
  });

  test('with a header twice is refused, whichever of them is right', async () => {
    const { port, time } = await guard();
    const timestamp = String(Math.floor(time.nowMs / SECOND_MS));
    const good = sign(SECRETS.signingSecret, timestamp, COMMAND);
    const raw = [
      'POST /slack/events HTTP/1.1',
      'host: 127.0.0.1',
      `content-type: ${FORM}`,
      `content-length: ${COMMAND.length}`,
      `x-slack-request-timestamp: ${timestamp}`,
      `x-slack-signature: ${good}`,
      'X-Slack-Signature: v0=00',
      '',
      COMMAND,
    ].join('\r\n');
    expect(await firstLine(port, raw)).toContain('400');
  });
});

/** Writes bytes as they are, and reads the status line. */
function firstLine(port: number, raw: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(raw));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString().split('\r\n')[0] ?? '');
    });
    socket.once('error', reject);
  });
}

describe('behind the guard, the whole bot', () => {
  test('runs a recorded command once, and ends on no signed null', async () => {
    const { url, queries, slack } = await bot();
    const timestamp = String(Math.floor(Date.now() / SECOND_MS));
    const send = async (body: string, type = FORM) => {
      const headers = {
        'content-type': type,
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': sign(SECRETS.signingSecret, timestamp, body),
      };
      return (await fetch(url, { method: 'POST', headers, body })).status;
    };
    expect(await send('null', 'application/json')).toBe(400);
    expect(await send('payload=null')).toBe(400);
    const homeless = { type: 'event_callback', event: { type: 'app_home_opened', channel: null } };
    expect(await send(JSON.stringify(homeless), 'application/json')).toBe(400);
    const toggle = COMMAND.replace('flag+set+answers+10%25', 'flag+allow+answers+u1');
    expect(toggle).not.toBe(COMMAND);
    expect(await send(toggle)).toBe(200);
    await slack.person('U0ANA').types('/rollout flag disallow answers u1');
    expect(await send(toggle)).toBe(200);
    expect(queries.flag('answers')?.allowed).toEqual([]);
  });

  test('takes a command of another app or workspace for nobody’s', async () => {
    const { url, snapshots } = await bot();
    const send = async (fields: Record<string, string>) => {
      const body = new URLSearchParams({
        command: '/killswitch',
        text: 'on writes because',
        user_id: 'U0ANA',
        team_id: 'T0SIGNAL',
        trigger_id: Math.random().toString(),
        ...fields,
      }).toString();
      const timestamp = String(Math.floor(Date.now() / SECOND_MS));
      const headers = {
        'content-type': FORM,
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': sign(SECRETS.signingSecret, timestamp, body),
      };
      return await (await fetch(url, { method: 'POST', headers, body })).text();
    };
    await expect
      .poll(async () => await send({ team_id: 'T0PARTNER' }))
      .toContain('its own workspace only');
    expect(await send({ api_app_id: 'A0OTHER' })).toContain('its own workspace only');
    expect(snapshots.current().kills.size).toBe(0);
  });

  test('answers its challenge when somebody enters the address in Slack', async () => {
    const { slack } = await bot();
    expect(await slack.verifyRequestUrl()).toBe(true);
  });
});
