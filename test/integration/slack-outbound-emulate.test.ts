/** The way that goes well, once more in front of somebody else's stand-in for Slack. */
import { WebClient } from '@slack/web-api';
import { expect, test } from 'vitest';
import { approve, chidi, start } from '#test/support/builders.ts';
import { startEmulate } from '#test/support/emulate.ts';
import { houseAt, servicesIn } from '#test/support/outbound-house.ts';

type Shown = { readonly ts?: string; readonly text?: string; readonly metadata?: unknown };

test('a card, its thread, an edit and a rollback’s alert arrive at another Slack, too', async () => {
  const slack = await startEmulate();
  const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
  const { channels = [] } = await client.conversations.list({});
  const channel = channels.find(({ name }) => name === 'agent-ops')?.id ?? '';
  // It takes no names of channels where Slack does, so this one is told the ID.
  const house = await houseAt(slack, { settings: { services: servicesIn(channel) } });
  const inChannel = async (): Promise<readonly Shown[]> => {
    const { messages = [] } = await client.conversations.history({
      channel,
      include_all_metadata: true,
    });
    return messages;
  };
  const said = async (pattern: RegExp) =>
    (await inChannel()).find(({ text = '' }) => pattern.test(text));

  await house.steer(start());
  await house.settle();
  const card = await said(/#1 support-agent: 2.3.3 → 2.4.0: waits for an approver/);
  expect(card?.metadata).toMatchObject({ event_type: 'signalman_effect' });

  await house.steer(approve(0, { release: 1 }));
  await house.settle();
  expect((await said(/in progress, step 1 of 4/))?.ts).toBe(card?.ts);
  const { messages: thread = [] } = await client.conversations.replies({
    channel,
    ts: card?.ts ?? '',
  });
  expect(thread.map(({ text }) => text)).toContainEqual(expect.stringContaining('Step 1 of 4'));

  await house.steer({ to: 'rollback', by: chidi, release: 1, reason: 'customers complain' });
  await house.settle();
  expect(await said(/Rolled back support-agent: 2.4.0 → 2.3.3. customers complain/)).toBeDefined();
  expect(house.outbox.depth().count).toBe(0);
});
