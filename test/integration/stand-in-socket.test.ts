import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { boltOverSocket, client, movableTime, SECRETS, standIn } from '#test/support/stand-in.ts';

describe('Socket Mode', () => {
  test('connects a real receiver and carries commands and their answers', async () => {
    const { slack } = await boltOverSocket((app) => {
      app.command('/rollout', ({ ack, command }) => ack(`over the wire: ${command.text}`));
    });
    const answer = await slack.person('U0ANA').types('/rollout list');
    expect(answer.text).toBe('over the wire: list');
    expect(slack.traffic.deliveries).toMatchObject([
      { via: 'socket', kind: 'command', acknowledgedInTime: true },
    ]);
  });

  test('carries buttons, modals and events', async () => {
    const { slack, app } = await boltOverSocket((bolt) => {
      bolt.event('app_home_opened', async ({ event, client }) => {
        const blocks = [
          { type: 'section' as const, text: { type: 'mrkdwn' as const, text: 'hi' } },
        ];
        await client.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
      });
      bolt.action('wave', async ({ ack, respond }) => {
        await ack();
        await respond({ text: 'waved', replace_original: false });
      });
    });
    const text = { type: 'plain_text', text: 'Wave' } as const;
    const elements = [{ type: 'button' as const, action_id: 'wave', text }];
    const blocks = [{ type: 'actions' as const, elements }];
    await app.client.chat.postMessage({ channel: 'agent-ops', text: 'hello', blocks });
    const ana = slack.person('U0ANA');
    await ana.opensHome();
    expect((await ana.home()).type).toBe('home');
    await ana.presses('Wave', await ana.sees(/Wave/));
    expect(await ana.sees(/waved/)).toMatchObject({ ephemeral: true });
  });

  test('has its three seconds too, though the receiver does not mind', async () => {
    const { slack } = await boltOverSocket((app) => {
      app.command('/rollout', async ({ ack }) => {
        await sleep(3_100);
        await ack('too late');
      });
    });
    const answer = await slack.person('U0ANA').types('/rollout list');
    expect(answer.ack).toMatchObject({ ok: false, error: 'app_did_not_respond' });
    expect(slack.traffic.deliveries).toMatchObject([{ acknowledgedInTime: false }]);
    await sleep(200);
    expect(slack.person('U0ANA').view().messages).toEqual([]);
  });

  test('is refreshed: the app is told to come back, and does', async () => {
    const { slack } = await boltOverSocket((app) => {
      app.command('/rollout', ({ ack }) => ack('still here'));
    });
    slack.socket.disconnect('refresh_requested');
    await expect.poll(() => slack.traffic.calls.length, { timeout: 12_000 }).toBe(2);
    await expect.poll(() => slack.socket.connectionCount()).toBe(1);
    expect((await slack.person('U0ANA').types('/rollout list')).text).toBe('still here');
  });

  test('warns before it ends', async () => {
    const slack = await standIn();
    const messages = await silentConnection(slack);
    slack.socket.disconnect('warning');
    await expect.poll(() => messages.length).toBe(2);
    expect(slack.socket.connectionCount()).toBe(1);
    slack.socket.disconnect('link_disabled');
    await expect.poll(() => slack.socket.connectionCount()).toBe(0);
    expect(messages.slice(1)).toMatchObject([
      { type: 'disconnect', reason: 'warning' },
      { type: 'disconnect', reason: 'link_disabled' },
    ]);
  });

  test('has nobody to tell before the app has connected', async () => {
    const slack = await standIn();
    const answer = await slack.person('U0ANA').types('/rollout list');
    expect(answer.ack).toMatchObject({ ok: false, error: 'app_not_reachable' });
  });

  test('says which try it is when an event stays unanswered', async () => {
    const time = movableTime();
    const slack = await standIn(time);
    const envelopes = await silentConnection(slack);
    const opening = slack.person('U0ANA').opensHome();
    await expect.poll(() => envelopes.length, { timeout: 4_000 }).toBe(2);
    expect(envelopes[0]).toMatchObject({
      type: 'hello',
      connection_info: { app_id: 'A0SIGNALMAN' },
    });
    expect(envelopes[1]).toMatchObject({ type: 'events_api', accepts_response_payload: false });
    await opening;
    time.pass(0);
    await expect.poll(() => envelopes.length).toBe(3);
    expect(envelopes[2]).toMatchObject({ retry_attempt: 1, retry_reason: 'http_timeout' });
  });

  test('takes ten connections, each with a ticket of its own', async () => {
    const slack = await standIn();
    const url = await connectionUrl(slack);
    const first = new WebSocket(url);
    await new Promise((resolve) => first.once('message', resolve));
    const again = new WebSocket(url);
    await expect(new Promise((_, reject) => again.once('error', reject))).rejects.toThrow('403');
    for (let count = 1; count < 10; count += 1) await silentConnection(slack);
    expect(slack.socket.connectionCount()).toBe(10);
    const eleventh = await silentConnection(slack);
    expect(eleventh).toMatchObject([{ type: 'disconnect', reason: 'too_many_websockets' }]);
  });
});

type Stand = Awaited<ReturnType<typeof standIn>>;

async function connectionUrl(slack: Stand): Promise<string> {
  const { url } = await client(slack, SECRETS.appToken).apps.connections.open();
  return url ?? '';
}

/** A connection that listens and never answers; it ends with the stand-in. */
async function silentConnection(slack: Stand) {
  const envelopes: unknown[] = [];
  const connection = new WebSocket(await connectionUrl(slack));
  connection.on('message', (data) => envelopes.push(JSON.parse(data.toString())));
  await new Promise((resolve) => connection.once('message', resolve));
  return envelopes;
}
