import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';

import { signatureOf } from '#sandbox/slack/signature.ts';
import { boltOverHttp, movableTime, standIn } from '#test/support/stand-in.ts';

const BUTTON = {
  type: 'actions',
  elements: [
    { type: 'button', action_id: 'wave', value: '7', text: { type: 'plain_text', text: 'Wave' } },
  ],
};

type Received = { readonly headers: IncomingMessage['headers']; readonly body: string };

/** An app of a few lines that keeps the raw requests, and answers as a test wishes. */
async function rawApp(answer: (response: ServerResponse, received: Received) => void) {
  const requests: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const received = { headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
    requests.push(received);
    answer(response, received);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const botUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
  return { requests, botUrl };
}

describe('what the stand-in signs', () => {
  test("equals Slack's published example", () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    const secret = '8f742231b10e8888abcd99yyyzzz85a5';
    expect(signatureOf({ secret, timestamp: '1531420618', body })).toBe(
      'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    );
  });

  test('passes the verifier of Bolt, whatever people type', async () => {
    const { slack } = await boltOverHttp((app) => {
      app.command('/rollout', ({ ack, command }) => ack(`You said: ${command.text}`));
    });
    const answer = await slack.person('U0ANA').types('/rollout start ünï+cødé & <b> %41 “x”');
    expect(answer.ack).toMatchObject({ ok: true });
    expect(answer.text).toBe('You said: start ünï+cødé & <b> %41 “x”');
  });

  test('is refused by the verifier of Bolt when the secret is another', async () => {
    const { slack } = await boltOverHttp(() => {}, { verifierSecret: 'another secret' });
    const answer = await slack.person('U0ANA').types('/rollout list');
    expect(answer.ack).toMatchObject({ ok: false, error: 'app_answered_with_an_error' });
    expect(slack.traffic.deliveries).toMatchObject([{ status: 401, acknowledgedInTime: false }]);
  });

  test('is refused by the verifier of Bolt when it is older than five minutes', async () => {
    const { slack } = await boltOverHttp((app) => app.command('/rollout', ({ ack }) => ack()), {
      clock: () => Date.now() - 301_000,
    });
    await slack.person('U0ANA').types('/rollout list');
    expect(slack.traffic.deliveries).toMatchObject([{ status: 401 }]);
  });
});

describe('the shape of a delivery', () => {
  test('is a flat form with the exact content type for a command', async () => {
    const { requests, botUrl } = await rawApp((response) => response.end());
    const slack = await standIn({ botUrl });
    await slack.person('U0ANA').types('/rollout status', { channel: 'support-ops' });
    const [request] = requests;
    expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    const fields = Object.fromEntries(new URLSearchParams(request?.body));
    expect(fields).toMatchObject({
      team_id: 'T0SIGNAL',
      channel_id: 'C0SUPPORTOPS',
      channel_name: 'support-ops',
      user_id: 'U0ANA',
      user_name: 'ana',
      command: '/rollout',
      text: 'status',
      api_app_id: 'A0SIGNALMAN',
      is_enterprise_install: 'false',
    });
    expect(Object.keys(fields)).toEqual([
      ...['token', 'team_id', 'team_domain', 'channel_id', 'channel_name', 'user_id', 'user_name'],
      ...['command', 'text', 'api_app_id', 'is_enterprise_install', 'response_url', 'trigger_id'],
    ]);
    expect(fields['trigger_id']).toMatch(/^\d+\.\d+\.\w+$/);
  });

  test('is one form field with JSON in it for a button', async () => {
    const { requests, botUrl } = await rawApp((response) => response.end());
    const slack = await standIn({ botUrl });
    const ops = slack.channel('agent-ops');
    await fetch(`${slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer xoxb-stand-in' },
      body: JSON.stringify({ channel: ops.id, text: 'hello', blocks: [BUTTON] }),
    });
    const message = await ops.message(/Wave/);
    await slack.person('U0BO').presses('Wave', message);
    const form = [...new URLSearchParams(requests[0]?.body)];
    expect(form.map(([name]) => name)).toEqual(['payload']);
    expect(requests[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(JSON.parse(form[0]?.[1] ?? '')).toMatchObject({
      type: 'block_actions',
      user: { id: 'U0BO', team_id: 'T0SIGNAL' },
      team: { id: 'T0SIGNAL' },
      container: { type: 'message', message_ts: message.ts, is_ephemeral: false },
      channel: { id: ops.id },
      message: { ts: message.ts, bot_id: 'B0SIGNALMAN' },
      actions: [{ type: 'button', action_id: 'wave', value: '7' }],
    });
  });

  test('is JSON for an event, and the challenge of a request URL comes back', async () => {
    const { slack } = await boltOverHttp((app) => app.event('app_home_opened', async () => {}));
    expect(await slack.verifyRequestUrl()).toBe(true);
    await slack.person('U0ANA').opensHome();
    expect(slack.traffic.deliveries).toMatchObject([
      { kind: 'url_verification', status: 200 },
      { kind: 'event', about: 'app_home_opened', acknowledgedInTime: true },
    ]);
  });

  test('carries the team of a stranger who presses a button in a shared channel', async () => {
    const teams: (string | undefined)[] = [];
    const { slack, app } = await boltOverHttp((bolt) => {
      bolt.action('wave', async ({ ack, body }) => {
        teams.push(body.user.team_id, body.team?.id);
        await ack();
      });
    });
    await app.client.chat.postMessage({ channel: 'partner-ops', text: 'hello', blocks: [BUTTON] });
    const message = await slack.channel('partner-ops').message(/Wave/);
    await slack.person('U0STRANGER').presses('Wave', message);
    expect(teams).toEqual(['T0PARTNER', 'T0SIGNAL']);
  });
});

describe('an acknowledgement', () => {
  test('is recorded with its time and its words', async () => {
    const { slack } = await boltOverHttp((app) => {
      app.command('/rollout', ({ ack }) => ack({ text: 'here', response_type: 'in_channel' }));
    });
    await slack.person('U0ANA').types('/rollout list');
    const [delivery] = slack.traffic.deliveries;
    expect(delivery).toMatchObject({ via: 'http', status: 200, acknowledgedInTime: true });
    expect(delivery?.ackMs).toBeLessThan(3_000);
    expect(delivery?.answer).toMatchObject({ text: 'here' });
    expect(slack.asText(await slack.channel('agent-ops').message(/here/))).toBe('here');
  });

  test('counts as none after three seconds, and the person is told', async () => {
    const { slack } = await boltOverHttp((app) => {
      app.command('/rollout', async ({ ack }) => {
        await sleep(3_200);
        await ack('too late').catch(() => {});
      });
    });
    const answer = await slack.person('U0ANA').types('/rollout list');
    expect(answer.ack.ok).toBe(false);
    expect(answer.text).toBe('');
    expect(slack.traffic.deliveries).toMatchObject([{ acknowledgedInTime: false }]);
    expect(slack.traffic.deliveries[0]?.failure).toBeDefined();
  });

  test('cannot come from an app that is not running', async () => {
    const slack = await standIn({ botUrl: 'http://127.0.0.1:9/slack/events' });
    const answer = await slack.person('U0ANA').types('/rollout list');
    expect(answer.ack).toMatchObject({ ok: false, error: 'app_not_reachable' });
  });

  test('is for one pair of eyes unless it says in_channel', async () => {
    const { slack } = await boltOverHttp((app) => {
      app.command('/rollout', ({ ack }) => ack('only you'));
    });
    const ana = slack.person('U0ANA');
    const [answer] = (await ana.types('/rollout list')).messages;
    expect(answer).toMatchObject({ ephemeral: true, by: 'U0SIGNALMAN' });
    expect(slack.person('U0BO').view().messages).toEqual([]);
    expect(slack.channel('agent-ops').messages()).toEqual([]);
  });

  test('with blocks that break a limit is shown to nobody', async () => {
    const { slack } = await boltOverHttp((app) => {
      app.command('/rollout', ({ ack }) =>
        ack({ text: 'x', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '' } }] }),
      );
    });
    const answer = await slack.person('U0ANA').types('/rollout list');
    expect(answer.ack).toMatchObject({ ok: false, error: 'app_sent_something_invalid' });
    expect(answer.messages).toEqual([]);
  });
});

describe('a response_url', () => {
  const later = { clock: movableTime().clock };

  async function clicked(time = movableTime()) {
    const urls: string[] = [];
    const { slack } = await boltOverHttp(
      (app) => {
        app.command('/rollout', async ({ ack, command }) => {
          urls.push(command.response_url);
          await ack();
        });
      },
      { ...later, ...time },
    );
    await slack.person('U0ANA').types('/rollout list');
    const answer = (body: object) =>
      fetch(urls[0] ?? '', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    return { slack, answer, time };
  }

  test('works five times', async () => {
    const { slack, answer } = await clicked();
    const statuses: number[] = [];
    for (const word of ['one', 'two', 'three', 'four', 'five', 'six']) {
      statuses.push((await answer({ text: word })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
    expect(slack.person('U0ANA').view().messages.map(slack.asText)).not.toContain('six');
  });

  test('works for thirty minutes', async () => {
    const { answer, time } = await clicked();
    time.pass(30 * 60_000);
    expect((await answer({ text: 'just in time' })).status).toBe(200);
    time.pass(1);
    expect((await answer({ text: 'too late' })).status).toBe(404);
  });

  test('refuses blocks that break a limit', async () => {
    const { answer } = await clicked();
    const refused = await answer({ blocks: [{ type: 'nonsense' }] });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: 'invalid_blocks' });
  });

  test('of a button replaces or deletes the private message it was pressed in', async () => {
    const { slack } = await boltOverHttp((app) => {
      app.command('/rollout', ({ ack }) => ack({ text: 'sure?', blocks: [BUTTON] }));
      app.action('wave', async ({ ack, respond, action }) => {
        await ack();
        const isFirst = 'value' in action && action.value === '7';
        if (isFirst) await respond({ replace_original: true, text: 'done', blocks: [AGAIN] });
        else await respond({ delete_original: true });
      });
    });
    const ana = slack.person('U0ANA');
    await ana.types('/rollout list');
    await ana.presses('Wave', await ana.sees(/Wave/));
    await ana.presses('Again', await ana.sees(/Again/));
    await expect.poll(() => ana.view().messages).toEqual([]);
  });

  const AGAIN = {
    type: 'actions',
    elements: [
      {
        type: 'button',
        action_id: 'wave',
        value: '8',
        text: { type: 'plain_text', text: 'Again' },
      },
    ],
  };
});

describe('an event that is not acknowledged', () => {
  const tried = (requests: readonly Received[]) =>
    requests.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']]);

  test('is sent again at once, after a minute and after five, and no more', async () => {
    const time = movableTime();
    const { requests, botUrl } = await rawApp((response) => response.writeHead(500).end());
    const slack = await standIn({ botUrl, ...time });
    await slack.person('U0ANA').opensHome();
    expect(time.dueInMs()).toEqual([0]);
    time.pass(0);
    await expect.poll(time.dueInMs).toEqual([60_000]);
    time.pass(60_000);
    await expect.poll(time.dueInMs).toEqual([300_000]);
    time.pass(300_000);
    await expect.poll(() => slack.traffic.deliveries.length).toBe(4);
    expect(time.dueInMs()).toEqual([]);
    expect(tried(requests)).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_error'],
      ['3', 'http_error'],
    ]);
    expect(new Set(requests.map(({ body }) => JSON.parse(body).event_id)).size).toBe(1);
  });

  test('is not sent again when the app says so', async () => {
    const time = movableTime();
    const { botUrl } = await rawApp((response) =>
      response.writeHead(500, { 'x-slack-no-retry': '1' }).end(),
    );
    const slack = await standIn({ botUrl, ...time });
    await slack.person('U0ANA').opensHome();
    expect(time.dueInMs()).toEqual([]);
  });

  test('is the only kind of delivery that is sent again', async () => {
    const time = movableTime();
    const { botUrl } = await rawApp((response) => response.writeHead(500).end());
    const slack = await standIn({ botUrl, ...time });
    await slack.person('U0ANA').types('/rollout list');
    expect(time.dueInMs()).toEqual([]);
  });
});

test('a delivery can be repeated, as a retry or an attacker would', async () => {
  const { requests, botUrl } = await rawApp((response) => response.end());
  const slack = await standIn({ botUrl });
  await slack.person('U0ANA').types('/rollout list');
  await slack.repeatLastDelivery();
  expect(requests).toHaveLength(2);
  expect(requests[0]?.body).toBe(requests[1]?.body);
});

test('two workspaces in one process share nothing', async () => {
  const [one, other] = [await standIn(), await standIn()];
  one.person('U0ANA').says('hello');
  one.setFaults([{ method: '*', fault: 'error', error: 'fatal_error' }]);
  expect(one.channel('agent-ops').messages()).toHaveLength(1);
  expect(other.channel('agent-ops').messages()).toEqual([]);
  const ask = (url: string) =>
    fetch(`${url}auth.test?token=xoxb-stand-in`).then((response) => response.json());
  expect(await ask(one.apiUrl)).toMatchObject({ ok: false, error: 'fatal_error' });
  expect(await ask(other.apiUrl)).toMatchObject({ ok: true, team_id: 'T0SIGNAL' });
});
