/** The same calls to our stand-in and to somebody else's: where both know the way, they agree. */
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { describe, expect, test } from 'vitest';

import { startEmulate } from '#test/support/emulate.ts';
import { client, SECRETS, standIn } from '#test/support/stand-in.ts';

const STAND_INS = [
  {
    whose: 'ours',
    start: async () => ({ apiUrl: (await standIn()).apiUrl, botToken: SECRETS.botToken }),
  },
  { whose: 'emulate', start: startEmulate },
];

const BLOCKS = [
  { type: 'header', text: { type: 'plain_text', text: '#12 support-agent' } },
  { type: 'section', text: { type: 'mrkdwn', text: '*50 %* &lt;paused&gt;' } },
  {
    type: 'actions',
    elements: [
      { type: 'button', action_id: 'resume', text: { type: 'plain_text', text: 'Resume' } },
    ],
  },
] as const;
const METADATA = { event_type: 'effect', event_payload: { effect_id: 'e-1' } };

async function connect(start: (typeof STAND_INS)[number]['start']) {
  const { apiUrl, botToken } = await start();
  const web = client({ apiUrl }, botToken);
  const { channels = [] } = await web.conversations.list();
  const channel = channels.find(({ name }) => name === 'agent-ops')?.id ?? '';
  return { web, channel };
}

const errorOf = (call: Promise<unknown>) =>
  call.then(
    () => 'no error',
    (error) => error.data?.error,
  );

describe.each(STAND_INS)('Slack as stood in for by $whose', ({ start }) => {
  test('knows who the bot is', async () => {
    const { web } = await connect(start);
    expect(await web.auth.test()).toMatchObject({ ok: true, team: 'Signal Box' });
  });

  test('keeps a card with its blocks and metadata, and edits it in place', async () => {
    const { web, channel } = await connect(start);
    const card = { channel, text: 'card', blocks: [...BLOCKS], metadata: METADATA };
    const { ts = '' } = await web.chat.postMessage(card);
    await web.chat.update({ channel, ts, text: 'edited', blocks: BLOCKS.slice(0, 2) });
    const { messages = [] } = await web.conversations.history({
      channel,
      include_all_metadata: true,
      limit: 1,
    });
    expect(messages).toMatchObject([{ ts, text: 'edited', metadata: METADATA }]);
    expect(messages[0]?.blocks?.map(({ type }) => type)).toEqual(['header', 'section']);
  });

  test('keeps replies in their thread and out of the history', async () => {
    const { web, channel } = await connect(start);
    const { ts = '' } = await web.chat.postMessage({ channel, text: 'first' });
    await web.chat.postMessage({ channel, text: 'reply', thread_ts: ts, metadata: METADATA });
    const thread = { channel, ts, include_all_metadata: true };
    const { messages: replies = [] } = await web.conversations.replies(thread);
    expect(replies.map(({ text }) => text)).toEqual(['first', 'reply']);
    const { messages = [] } = await web.conversations.history({ channel, limit: 10 });
    expect(messages.map(({ text }) => text)).not.toContain('reply');
  });

  test('deletes and links', async () => {
    const { web, channel } = await connect(start);
    const { ts = '' } = await web.chat.postMessage({ channel, text: 'gone soon' });
    const { permalink } = await web.chat.getPermalink({ channel, message_ts: ts });
    expect(permalink).toContain(`/archives/${channel}/p${ts.replace('.', '')}`);
    await web.chat.delete({ channel, ts });
    expect(await errorOf(web.chat.delete({ channel, ts }))).toBe('message_not_found');
  });

  const VIEW: ModalView = { type: 'modal', title: { type: 'plain_text', text: 'a' }, blocks: [] };
  type Mistake = (web: WebClient, channel: string) => Promise<unknown>;
  const MISTAKES: readonly (readonly [string, Mistake])[] = [
    ['channel_not_found', (web) => web.chat.postMessage({ channel: 'C0NOWHERE', text: 'x' })],
    ['no_text', (web, channel) => web.chat.postMessage({ channel, text: '' })],
    [
      'message_not_found',
      (web, channel) => web.chat.update({ channel, ts: '1.000001', text: 'x' }),
    ],
    ['invalid_trigger_id', (web) => web.views.open({ trigger_id: '1.2.abc', view: VIEW })],
    ['user_not_found', (web) => web.users.info({ user: 'U0NOBODY' })],
  ];
  test.each(MISTAKES)('says %s', async (error, make) => {
    const { web, channel } = await connect(start);
    expect(await errorOf(make(web, channel))).toBe(error);
  });
});
