/** What `signalman check` says of Slack, in front of the strict stand-in. */
import { expect, test } from 'vitest';
import { checkSlack } from '#adapters/cli/check-slack.ts';
import { someSettings } from '#test/support/some-settings.ts';
import { client, manifestOfTheRepository, standIn } from '#test/support/stand-in.ts';

const settings = someSettings({ settings: { channel: 'C0AGENTOPS', services: new Map() } });

async function checkedWith(...scopes: readonly string[]) {
  const slack = await standIn({ manifest: { ...manifestOfTheRepository(), scopes } });
  return await checkSlack(client(slack), settings);
}
const SCOPES = ['commands', 'chat:write', 'users:read', 'usergroups:read'];

test('a channel whose messages can be read back is fine', async () => {
  expect(await checkedWith(...SCOPES, 'channels:read', 'channels:history')).toContainEqual({
    ok: true,
    words: 'what is posted in C0AGENTOPS can be read back',
  });
});

test('reading back is tried where the channel itself may not be looked up', async () => {
  const findings = await checkedWith(...SCOPES);
  const [reading] = findings.filter(({ words }) => words.includes('read back'));
  expect(reading).toMatchObject({
    ok: 'warning',
    words: expect.stringContaining('add channels:history'),
  });
});
