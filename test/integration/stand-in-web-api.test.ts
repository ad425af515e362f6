import { describe, expect, test } from 'vitest';

import type { Fault } from '#sandbox/protocol.ts';
import { NEWCOMER_SEED } from '#sandbox/slack/seed.ts';
import type { StandIn } from '#sandbox/slack/start-stand-in.ts';
import {
  client,
  manifestOfTheRepository,
  movableTime,
  SECRETS,
  standIn,
} from '#test/support/stand-in.ts';

const OPS = 'C0AGENTOPS';

type Called = { readonly token?: string; readonly args?: Record<string, unknown> };

type Answer = { readonly [field in 'ts' | 'message_ts' | 'channel' | 'user_id']: string } & {
  readonly ok: boolean;
  readonly user: unknown;
};

/** The bare wire, for what a client library hides: forms, statuses, headers. */
async function call(slack: StandIn, method: string, { token, args = {} }: Called = {}) {
  const form = Object.entries(args).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const response = await fetch(slack.apiUrl + method, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Bearer ${token ?? SECRETS.botToken}`,
    },
    body: new URLSearchParams(form).toString(),
  });
  const answer = (await response.json()) as Answer;
  return { status: response.status, headers: response.headers, ...answer };
}

const post = (slack: StandIn, args: Record<string, unknown> = {}) =>
  call(slack, 'chat.postMessage', { args: { channel: OPS, text: 'hello', ...args } });

describe('a token', () => {
  test('that is missing or unknown is refused', async () => {
    const slack = await standIn();
    const bare = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST' });
    expect(await bare.json()).toEqual({ ok: false, error: 'not_authed' });
    const unknown = await call(slack, 'auth.test', { token: 'xoxb-somebody-else' });
    expect(unknown).toMatchObject({ status: 200, ok: false, error: 'invalid_auth' });
  });

  test('may come in the header, the form or a JSON body', async () => {
    const slack = await standIn();
    const ask = async (contentType: string, body: string) => {
      const headers = { 'content-type': contentType };
      const response = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST', headers, body });
      return ((await response.json()) as Answer).user_id;
    };
    const token = SECRETS.botToken;
    expect(await ask('application/x-www-form-urlencoded', `token=${token}`)).toBe('U0SIGNALMAN');
    expect(await ask('application/json', JSON.stringify({ token }))).toBe('U0SIGNALMAN');
    expect((await call(slack, 'auth.test')).user_id).toBe('U0SIGNALMAN');
  });

  test('of the app opens connections only, and that of the bot opens none', async () => {
    const slack = await standIn();
    const { appToken } = SECRETS;
    expect((await call(slack, 'apps.connections.open', { token: appToken })).ok).toBe(true);
    for (const [method, token] of [['apps.connections.open'], ['auth.test', appToken]] as const) {
      const answer = await call(slack, method, token ? { token } : {});
      expect(answer).toMatchObject({ ok: false, error: 'not_allowed_token_type' });
    }
  });
});

describe('the scopes of the manifest', () => {
  test('decide what the bot may call, and the answer names what is missing', async () => {
    const slack = await standIn({ manifest: manifestOfTheRepository() });
    const provided = 'commands,chat:write,users:read,usergroups:read,channels:history';
    const refused = {
      'conversations.list': 'channels:read',
      'conversations.info': 'channels:read',
      'conversations.join': 'channels:join',
      'users.lookupByEmail': 'users:read.email',
      'reactions.add': 'reactions:write',
      'pins.add': 'pins:write',
      'conversations.open': 'im:write',
    };
    for (const [method, needed] of Object.entries(refused)) {
      const answer = await call(slack, method);
      expect(answer, method).toMatchObject({ ok: false, error: 'missing_scope', needed, provided });
    }
    for (const method of ['usergroups.list', 'users.list']) {
      expect(await call(slack, method), method).toMatchObject({ ok: true });
    }
    const history = await call(slack, 'conversations.history', { args: { channel: OPS } });
    expect(history).toMatchObject({ ok: true, messages: [] });
  });

  test('let the app answer in private channels only with the scope for those', async () => {
    const [channel] = NEWCOMER_SEED.channels;
    const hidden = { ...channel, id: 'C0HIDDEN', name: 'hidden', kind: 'private' } as const;
    const seed = { ...NEWCOMER_SEED, channels: [hidden as NonNullable<typeof channel>] };
    const slack = await standIn({ seed, manifest: manifestOfTheRepository() });
    const history = await call(slack, 'conversations.history', { args: { channel: 'C0HIDDEN' } });
    expect(history).toMatchObject({ error: 'missing_scope', needed: 'groups:history' });
  });
});

describe('membership', () => {
  test('is needed to post, to read and to speak to somebody in private', async () => {
    const slack = await standIn();
    expect(await post(slack, { channel: '#general' })).toMatchObject({ error: 'not_in_channel' });
    expect(await post(slack, { channel: 'nowhere' })).toMatchObject({ error: 'channel_not_found' });
    const history = await call(slack, 'conversations.history', { args: { channel: 'C0GENERAL' } });
    expect(history).toMatchObject({ error: 'not_in_channel' });
    const whisper = (channel: string, user: string) =>
      call(slack, 'chat.postEphemeral', { args: { channel, user, text: 'psst' } });
    expect(await whisper('C0GENERAL', 'U0ANA')).toMatchObject({ error: 'not_in_channel' });
    expect(await whisper('C0AUDIT', 'U0GUEST')).toMatchObject({ error: 'user_not_in_channel' });
    expect(await whisper(OPS, 'U0ANA')).toMatchObject({ ok: true });
  });

  test('begins with joining a public channel', async () => {
    const slack = await standIn();
    await call(slack, 'conversations.join', { args: { channel: 'C0GENERAL' } });
    expect(await post(slack, { channel: 'general' })).toMatchObject({ ok: true });
  });

  test('does not help in an archived channel', async () => {
    const slack = await standIn();
    const channel = slack.workspace.channels.get(OPS);
    if (channel) slack.workspace.channels.set(OPS, { ...channel, archived: true });
    expect(await post(slack)).toMatchObject({ ok: false, error: 'is_archived' });
  });
});

describe('posting and editing', () => {
  test('keep metadata, and hand it out only when asked', async () => {
    const slack = await standIn();
    const web = client(slack);
    const metadata = { event_type: 'effect', event_payload: { effect_id: 'e-1' } };
    const { ts = '' } = await web.chat.postMessage({ channel: OPS, text: 'card', metadata });
    const read = async (include_all_metadata: boolean) =>
      (await web.conversations.history({ channel: OPS, include_all_metadata })).messages?.[0];
    expect((await read(true))?.metadata).toEqual(metadata);
    expect(await read(false)).not.toHaveProperty('metadata');

    await web.chat.postMessage({ channel: OPS, text: 'reply', thread_ts: ts, metadata });
    const thread = { channel: OPS, ts, include_all_metadata: true };
    const { messages: replies = [] } = await web.conversations.replies(thread);
    expect(replies.map(({ text }) => text)).toEqual(['card', 'reply']);
    const { messages: history = [] } = await web.conversations.history({ channel: OPS });
    expect(history.map(({ text }) => text)).toEqual(['card']);
  });

  test('page through a long channel, newest first', async () => {
    const slack = await standIn({ rateLimits: 'off' });
    for (const text of ['1', '2', '3', '4', '5']) await post(slack, { text });
    const web = client(slack);
    const first = await web.conversations.history({ channel: OPS, limit: 3 });
    expect(first.messages?.map(({ text }) => text)).toEqual(['5', '4', '3']);
    expect(first.has_more).toBe(true);
    const cursor = first.response_metadata?.next_cursor ?? '';
    const rest = await web.conversations.history({ channel: OPS, limit: 3, cursor });
    expect(rest).toMatchObject({ has_more: false, messages: [{ text: '2' }, { text: '1' }] });
  });

  test('need words or blocks', async () => {
    const slack = await standIn();
    expect(await post(slack, { text: '' })).toMatchObject({ error: 'no_text' });
    expect(await post(slack, { blocks: '{' })).toMatchObject({ error: 'invalid_blocks_format' });
    expect(await post(slack, { thread_ts: '1.2' })).toMatchObject({
      error: 'cannot_reply_to_message',
    });
    const long = Array.from({ length: 5 }, () => ({
      type: 'section',
      text: { type: 'mrkdwn', text: 'x'.repeat(2_900) },
    }));
    expect(await post(slack, { blocks: long })).toMatchObject({ error: 'msg_blocks_too_long' });
    const metadata = { event_type: 'effect', event_payload: { much: 'x'.repeat(9_000) } };
    expect(await post(slack, { metadata })).toMatchObject({ error: 'metadata_too_large' });
  });

  test('know whose message it is, and how long it may be', async () => {
    const slack = await standIn();
    const { ts } = await post(slack);
    const edit = (args: Record<string, unknown>) =>
      call(slack, 'chat.update', { args: { channel: OPS, ts, text: 'edited', ...args } });
    expect(await edit({})).toMatchObject({ ok: true, ts, text: 'edited' });
    expect(await edit({ text: 'x'.repeat(4_001) })).toMatchObject({ error: 'msg_too_long' });
    expect(await edit({ ts: '1.000001' })).toMatchObject({ error: 'message_not_found' });
    expect(await edit({ channel: 'C0NOWHERE' })).toMatchObject({ error: 'channel_not_found' });
    const said = slack.person('U0ANA').says('mine');
    const theirs = said.ok ? said.ts : '';
    expect(await edit({ ts: theirs })).toMatchObject({ error: 'cant_update_message' });
    const remove = (ts: string) => call(slack, 'chat.delete', { args: { channel: OPS, ts } });
    expect(await remove(theirs)).toMatchObject({ error: 'cant_delete_message' });
    expect(await remove(ts)).toMatchObject({ ok: true });
    expect(await edit({})).toMatchObject({ error: 'message_not_found' });
  });

  test('leave private messages unknown to everyone but their reader', async () => {
    const slack = await standIn();
    const args = { channel: OPS, user: 'U0ANA', text: 'psst' };
    const { message_ts: ts } = await call(slack, 'chat.postEphemeral', { args });
    const edit = await call(slack, 'chat.update', { args: { channel: OPS, ts, text: 'x' } });
    expect(edit).toMatchObject({ error: 'message_not_found' });
    expect(slack.person('U0ANA').view().messages).toMatchObject([{ text: 'psst' }]);
    expect(slack.person('U0BO').view().messages).toEqual([]);
    expect(await call(slack, 'conversations.history', { args: { channel: OPS } })).toMatchObject({
      messages: [],
    });
  });

  test('reach a person in a direct conversation', async () => {
    const slack = await standIn();
    const { channel } = await post(slack, { channel: 'U0CHIDI', text: 'page' });
    expect(channel).toMatch(/^D/);
    const chidi = slack.person('U0CHIDI').view();
    expect(chidi.messages).toMatchObject([{ channel, text: 'page' }]);
    expect(chidi.channels).toContainEqual(
      expect.objectContaining({ id: channel, name: 'Signalman' }),
    );
    expect(
      slack
        .person('U0ANA')
        .view()
        .channels.map(({ id }) => id),
    ).not.toContain(channel);
  });
});

describe('people and groups', () => {
  test('are told apart: member, guest, bot, workflow, stranger', async () => {
    const slack = await standIn();
    const user = async (id: string) =>
      (await call(slack, 'users.info', { args: { user: id } })).user;
    expect(await user('U0ANA')).toMatchObject({ is_restricted: false, is_bot: false });
    expect(await user('U0GUEST')).toMatchObject({ is_restricted: true });
    expect(await user('U0SIGNALMAN')).toMatchObject({ is_bot: true, is_workflow_bot: false });
    expect(await user('U0FLOW')).toMatchObject({ is_bot: true, is_workflow_bot: true });
    expect(await user('U0STRANGER')).toMatchObject({ is_stranger: true, team_id: 'T0PARTNER' });
    const nobody = await call(slack, 'users.info', { args: { user: 'U0NOBODY' } });
    expect(nobody).toMatchObject({ ok: false, error: 'user_not_found' });
  });

  test('form user groups, which need a paid plan', async () => {
    const slack = await standIn();
    const list = (usergroup: string) =>
      call(slack, 'usergroups.users.list', { args: { usergroup } });
    expect(await list('S0APPROVERS')).toMatchObject({ ok: true, users: ['U0BO', 'U0SAM'] });
    expect(await list('S0NOBODY')).toMatchObject({ ok: false, error: 'no_such_subteam' });
    slack.workspace.plan = 'free';
    expect(await list('S0OPS')).toMatchObject({ ok: false, error: 'plan_upgrade_required' });
    const all = await call(slack, 'usergroups.list');
    expect(all).toMatchObject({ ok: false, error: 'plan_upgrade_required' });
  });
});

describe('too many calls', () => {
  test('to one channel are answered 429 with the seconds to wait, others go on', async () => {
    const { clock, pass } = movableTime();
    const slack = await standIn({ rateLimits: 'strict', clock });
    expect(await post(slack)).toMatchObject({ ok: true });
    const refused = await post(slack);
    expect(refused).toMatchObject({ status: 429, ok: false, error: 'ratelimited' });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await post(slack, { channel: 'C0AUDIT' })).toMatchObject({ ok: true });
    pass(1_000);
    expect(await post(slack)).toMatchObject({ ok: true });
  });

  test('of one method are counted by its tier', async () => {
    const { clock } = movableTime();
    const slack = await standIn({ rateLimits: 'strict', clock });
    const { ts } = await post(slack);
    const edit = () => call(slack, 'chat.update', { args: { channel: OPS, ts, text: 'again' } });
    const answers = [];
    for (let count = 0; count < 51; count += 1) answers.push((await edit()).status);
    expect(answers.slice(0, 50).every((status) => status === 200)).toBe(true);
    expect(answers[50]).toBe(429);
    slack.rateLimits.mode = 'off';
    expect((await edit()).status).toBe(200);
  });
});

describe('a fault', () => {
  const FAULTS: readonly { fault: Fault; seen: object; kept: number }[] = [
    {
      fault: { method: 'chat.postMessage', fault: 'error', error: 'token_revoked' },
      seen: { status: 200, ok: false, error: 'token_revoked' },
      kept: 0,
    },
    {
      fault: { method: '*', fault: 'status', status: 503 },
      seen: { status: 503, ok: false },
      kept: 0,
    },
    {
      fault: { method: '*', fault: 'status', status: 429, retryAfterSeconds: 300 },
      seen: { status: 429, error: 'ratelimited' },
      kept: 0,
    },
    { fault: { method: '*', fault: 'delay', delayMs: 50 }, seen: { ok: true }, kept: 1 },
    { fault: { method: '*', fault: 'forget' }, seen: { ok: true, channel: OPS }, kept: 0 },
  ];

  test.each(FAULTS)('$fault.fault shows as $seen and leaves $kept', async (one) => {
    const slack = await standIn();
    slack.setFaults([one.fault]);
    expect(await post(slack)).toMatchObject(one.seen);
    expect(slack.channel('agent-ops').messages()).toHaveLength(one.kept);
  });

  test('cuts the connection before or after the message is accepted', async () => {
    const slack = await standIn();
    slack.setFaults([
      { method: 'chat.postMessage', fault: 'drop', times: 1 },
      { method: 'chat.postMessage', fault: 'drop_after_accepting', times: 1 },
    ]);
    await expect(post(slack, { text: 'lost' })).rejects.toThrow();
    await expect(post(slack, { text: 'accepted' })).rejects.toThrow();
    expect(await post(slack, { text: 'plain' })).toMatchObject({ ok: true });
    const kept = slack.channel('agent-ops').messages().map(slack.asText);
    expect(kept).toEqual(['accepted', 'plain']);
    expect(slack.traffic.calls.map(({ ok }) => ok)).toEqual([false, false, true]);
  });

  test('hits one channel and leaves the others alone', async () => {
    const slack = await standIn();
    slack.setFaults([{ method: '*', channel: OPS, fault: 'error', error: 'is_archived' }]);
    expect(await post(slack, { channel: '#agent-ops' })).toMatchObject({ error: 'is_archived' });
    expect(await post(slack, { channel: 'C0AUDIT' })).toMatchObject({ ok: true });
  });

  test('delays until its time is over', async () => {
    const time = movableTime();
    const slack = await standIn(time);
    slack.setFaults([{ method: '*', fault: 'delay', delayMs: 30_000 }]);
    const posted = post(slack);
    await expect.poll(time.dueInMs).toEqual([30_000]);
    time.pass(30_000);
    expect(await posted).toMatchObject({ ok: true });
  });
});

test('an unknown method is told so, with HTTP 200', async () => {
  const slack = await standIn();
  for (const method of ['files.getUploadURLExternal', 'chat.invent', 'toString']) {
    const answer = await call(slack, method);
    expect(answer).toMatchObject({ status: 200, ok: false, error: 'unknown_method' });
  }
});

test('reactions and pins are kept, once', async () => {
  const slack = await standIn();
  const web = client(slack);
  const { ts: timestamp = '' } = await web.chat.postMessage({ channel: OPS, text: 'hello' });
  await web.reactions.add({ channel: OPS, timestamp, name: 'eyes' });
  await web.pins.add({ channel: OPS, timestamp });
  await expect(web.reactions.add({ channel: OPS, timestamp, name: 'eyes' })).rejects.toThrow(
    'already_reacted',
  );
  const shown = await slack.channel('agent-ops').message(/hello/);
  expect(shown).toMatchObject({
    pinned: true,
    reactions: [{ name: 'eyes', users: ['U0SIGNALMAN'] }],
  });
  const link = await web.chat.getPermalink({ channel: OPS, message_ts: timestamp });
  expect(link.permalink).toBe(
    `https://signal-box.slack.com/archives/${OPS}/p${timestamp.replace('.', '')}`,
  );
});
