import { request } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';

import type { PageChange, PageState } from '#sandbox/protocol.ts';
import type { StandIn } from '#sandbox/slack/start-stand-in.ts';
import { boltOverHttp, client, standIn } from '#test/support/stand-in.ts';

const OPS = 'C0AGENTOPS';

const state = async (slack: StandIn, as: string) =>
  (await (await fetch(`${slack.url}/sandbox/state?as=${as}`)).json()) as PageState;

async function act(slack: StandIn, name: string, body: object) {
  const response = await fetch(`${slack.url}/sandbox/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
}

/** Listens as one person does; what arrives is kept. */
async function listenAs(slack: StandIn, as: string, query = '', headers = {}) {
  const stopped = new AbortController();
  const { signal } = stopped;
  const url = `${slack.url}/sandbox/events?as=${as}${query}`;
  const { body } = await fetch(url, { signal, headers });
  const changes: PageChange[] = [];
  const read = async () => {
    let text = '';
    for await (const chunk of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      const events = (text + chunk).split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const [, data] = /^id: \d+\nevent: change\ndata: (.*)$/.exec(event) ?? [];
        if (data) changes.push(JSON.parse(data));
      }
    }
  };
  read().catch(() => {});
  onTestFinished(() => stopped.abort());
  return changes;
}

describe('the page', () => {
  test('shows each person what they may see, and no more', async () => {
    const slack = await standIn();
    const web = client(slack);
    await web.chat.postMessage({ channel: OPS, text: 'for all' });
    await web.chat.postMessage({ channel: 'release-audit', text: 'for staff' });
    await web.chat.postEphemeral({ channel: OPS, user: 'U0BO', text: 'for Bo' });
    const seen = async (as: string) => (await state(slack, as)).messages.map(({ text }) => text);
    expect(await seen('U0BO')).toEqual(['for all', 'for staff', 'for Bo']);
    expect(await seen('U0GUEST')).toEqual(['for all']);
    const guest = await state(slack, 'U0GUEST');
    expect(guest.channels.map(({ name }) => name)).toEqual(['agent-ops', 'general']);
    expect(guest.commands.map(({ command }) => command)).toEqual(['/rollout', '/killswitch']);
    expect(guest.me).toMatchObject({ kind: 'guest', playable: true });
    expect(guest.people.filter(({ playable }) => !playable).map(({ id }) => id)).toEqual([
      'U0FLOW',
      'U0STRANGER',
      'U0SIGNALMAN',
    ]);
  });

  test('lets a person do all that its buttons do', async () => {
    const { slack } = await boltOverHttp((app) => {
      app.command('/rollout', ({ ack }) => ack('on it'));
      app.action('wave', async ({ ack, respond }) => {
        await ack();
        await respond('waved');
      });
    });
    const as = 'U0ANA';
    const said = await act(slack, 'say', { as, channel: OPS, text: 'a <b> & c' });
    expect(said).toMatchObject({ status: 200, ok: true });
    const answer = await act(slack, 'command', { as, channel: OPS, text: '/rollout list' });
    expect(answer).toMatchObject({ ok: true, ackMs: expect.any(Number) });
    const unknown = await act(slack, 'command', { as, channel: OPS, text: '/invented' });
    expect(unknown).toMatchObject({ status: 200, ok: false, error: 'unknown_command' });
    const text = { type: 'plain_text', text: 'Wave' } as const;
    const elements = [{ type: 'button' as const, action_id: 'wave', text }];
    const blocks = [{ type: 'actions' as const, block_id: 'b', elements }];
    const { ts } = await client(slack).chat.postMessage({ channel: OPS, text: 'x', blocks });
    const wave = { as, in: { channel: OPS, ts }, blockId: 'b', actionId: 'wave' };
    expect(await act(slack, 'click', wave)).toMatchObject({ ok: true });
    const texts = (await state(slack, as)).messages.map((message) => message.text);
    expect(texts).toEqual(['a &lt;b&gt; &amp; c', 'on it', 'x', 'waved']);
  });

  test('refuses what the page could not have sent', async () => {
    const slack = await standIn();
    const refused = { status: 400, ok: false, error: 'bad_request' };
    const wave = { in: { channel: OPS, ts: '1.2' }, blockId: 'b', actionId: 'a' };
    expect(await act(slack, 'say', { as: 'U0GUEST', channel: 'C0AUDIT', text: 'x' })).toMatchObject(
      refused,
    );
    expect(await act(slack, 'click', { as: 'U0ANA', ...wave })).toMatchObject(refused);
    expect(await act(slack, 'click', { as: 'U0NOBODY', ...wave })).toMatchObject(refused);
    expect(await act(slack, 'submit', { as: 'U0ANA', viewId: 'V1', values: {} })).toMatchObject(
      refused,
    );
    expect(await act(slack, 'command', { as: 'U0ANA' })).toMatchObject(refused);
    expect(await act(slack, 'faults', { faults: [{ method: 'x', fault: 'odd' }] })).toMatchObject(
      refused,
    );
    expect((await fetch(`${slack.url}/sandbox/state?as=U0NOBODY`)).status).toBe(400);
  });
});

describe('changes', () => {
  test('arrive as they happen, for the right eyes', async () => {
    const slack = await standIn();
    const { seq } = await state(slack, 'U0BO');
    const [bo, guest] = [
      await listenAs(slack, 'U0BO', `&after=${seq}`),
      await listenAs(slack, 'U0GUEST'),
    ];
    const web = client(slack);
    const { ts = '' } = await web.chat.postMessage({ channel: OPS, text: 'card' });
    await web.chat.update({ channel: OPS, ts, text: 'card, edited' });
    await web.chat.postMessage({ channel: OPS, text: 'reply', thread_ts: ts });
    await web.chat.postEphemeral({ channel: OPS, user: 'U0BO', text: 'psst' });
    await web.chat.delete({ channel: OPS, ts });
    const story = (changes: readonly PageChange[]) =>
      changes.map((change) => `${change.what} ${'message' in change ? change.message.text : ''}`);
    const all = [
      'message_posted card',
      'message_changed card, edited',
      'message_posted reply',
      'message_changed card, edited',
    ];
    await expect.poll(() => story(bo)).toEqual([...all, 'message_posted psst', 'message_deleted ']);
    expect(story(guest)).toEqual([...all, 'message_deleted ']);
    expect(bo[3]).toMatchObject({ message: { replyCount: 1, replyUsers: ['U0SIGNALMAN'] } });
  });

  test('that were missed are told again, or the page starts over', async () => {
    const slack = await standIn();
    const { seq } = await state(slack, 'U0BO');
    slack.person('U0ANA').says('one');
    slack.person('U0ANA').says('two');
    const missed = await listenAs(slack, 'U0BO', '', { 'last-event-id': `${seq + 1}` });
    await expect.poll(() => missed).toMatchObject([{ seq: seq + 2, message: { text: 'two' } }]);
    for (const fromAnotherLife of [seq + 99, seq - 1]) {
      const changes = await listenAs(slack, 'U0BO', `&after=${fromAnotherLife}`);
      await expect.poll(() => changes).toEqual([{ seq: seq + 2, what: 'start_over' }]);
    }
  });

  test('reach the page within 100 ms of the call, with 2 000 messages there', async () => {
    const slack = await standIn({ rateLimits: 'off' });
    for (let count = 0; count < 2_000; count += 1) slack.person('U0ANA').says(`message ${count}`);
    expect((await state(slack, 'U0BO')).messages).toHaveLength(2_000);
    const changes = await listenAs(slack, 'U0BO');
    const web = client(slack);
    const tookMs: number[] = [];
    for (let count = 1; count <= 5; count += 1) {
      const startedMs = performance.now();
      await web.chat.postMessage({ channel: OPS, text: 'now' });
      await expect.poll(() => changes.length, { interval: 2 }).toBe(count);
      tookMs.push(performance.now() - startedMs);
    }
    // The quickest says what our own work costs; the others share the machine with other tests.
    expect(Math.min(...tookMs)).toBeLessThan(100);
  });
});

describe('the server', () => {
  test('serves the page with its types stripped, and only its own files', async () => {
    const slack = await standIn();
    const get = (path: string) => fetch(slack.url + path);
    const index = await get('/');
    expect(index.headers.get('content-type')).toContain('text/html');
    expect(index.headers.get('content-security-policy')).toContain("default-src 'self'");
    const script = await get('/page/main.ts');
    expect(script.headers.get('content-type')).toContain('text/javascript');
    expect(await script.text()).not.toContain('import type');
    for (const file of ['preact', 'preact-hooks', 'htm']) {
      expect((await get(`/vendor/${file}.js`)).status, file).toBe(200);
    }
    for (const path of [
      ...['/page/..%2fprotocol.ts', '/page/%2e%2e/%2e%2e/main.ts', '/page/tsconfig.json'],
      ...['/vendor/ws.js', '/vendor/../package.json', '/sandbox/secrets', '/page/%00.ts'],
    ]) {
      expect((await get(path)).status, path).toBe(404);
    }
    expect((await get('/page/%E0%A4%A')).status).toBe(404);
  });

  test('answers nobody who comes by another name or from another page', async () => {
    const slack = await standIn();
    const { port } = new URL(slack.url);
    const status = (headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve) => {
        const path = '/sandbox/state?as=U0ANA';
        request({ host: '127.0.0.1', port, path, headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).end();
      });
    expect(await status({ host: `127.0.0.1:${port}` })).toBe(200);
    expect(await status({ host: `localhost:${port}` })).toBe(200);
    expect(await status({ host: `rebound.example:${port}` })).toBe(403);
    expect(await status({ origin: 'https://elsewhere.example' })).toBe(403);
    // What a form on another page could send without asking first.
    const body = JSON.stringify({ as: 'U0ANA', channel: OPS, text: 'forged' });
    const plain = await fetch(`${slack.url}/sandbox/say`, { method: 'POST', body });
    expect(plain.status).toBe(400);
    expect(slack.channel('agent-ops').messages()).toEqual([]);
  });

  test('carries the endpoints of whoever starts it', async () => {
    const slack = await standIn({
      routes: [
        {
          method: 'GET',
          path: '/sandbox/demo',
          handle: ({ response }) => void response.end('demo'),
        },
      ],
    });
    expect(await (await fetch(`${slack.url}/sandbox/demo`)).text()).toBe('demo');
  });

  test('keeps faults and a log that can be read', async () => {
    const slack = await standIn();
    const faults = [{ method: 'auth.test', fault: 'error', error: 'fatal_error', times: 2 }];
    expect(await act(slack, 'faults', { faults })).toMatchObject({ ok: true });
    await client(slack)
      .auth.test()
      .catch(() => {});
    const left = await (await fetch(`${slack.url}/sandbox/faults`)).json();
    expect(left).toEqual([{ ...faults[0], times: 1 }]);
    const log = await (await fetch(`${slack.url}/sandbox/log`)).json();
    expect(log).toMatchObject({ calls: [{ method: 'auth.test', error: 'fatal_error' }] });
    expect(JSON.stringify(log)).not.toContain('xoxb');
  });

  test('says so when its port is taken', async () => {
    const slack = await standIn();
    const { port } = new URL(slack.url);
    await expect(standIn({ port: Number(port) })).rejects.toThrow('EADDRINUSE');
  });
});
