import { expect, test } from 'vitest';
import { createFollowingScrubber, createScrubber } from '#adapters/scrubber.ts';
import { someSettings } from '#test/support/some-settings.ts';

const SECRET = 'a signing/secret+“é”';
const scrub = createScrubber([SECRET, 'xoxb-1-bot', '']);

test.each([
  ['as it is', SECRET],
  ['in an address', encodeURIComponent(SECRET)],
  ['in base64', Buffer.from(SECRET).toString('base64')],
  ['by its pattern, a bot token', 'xoxp-of-another-workspace-1'],
  ['by its pattern, an app token', 'xapp-1-A0-99-abc'],
  ['by its pattern, a bearer token', 'Bearer eyJhbGciOi.J9-_~+/=='],
  ['by its pattern, an incoming webhook', 'hooks.slack.com/services/T0/B0/x'],
])('a secret is taken out %s', (_, spelling) => {
  expect(scrub(`so ${spelling} it is`)).toBe('so [secret] it is');
});

test('it is taken out of a line of JSON, where quotes are written otherwise', () => {
  const quoted = 'with "quotes" and \\';
  const line = JSON.stringify({ reason: `${quoted}!` });
  expect(createScrubber([quoted])(line)).toBe('{"reason":"[secret]!"}');
});

test('words of people and short secrets, which stand in them by chance, stay', () => {
  const words = 'a Bearer of bad news reads xoxb- on hooks.slack.com';
  expect(createScrubber(['news', ''])(words)).toBe(words);
});

test('it is taken out of whatever holds texts, and what holds none stays the very same', () => {
  const clean = { at: 1, list: ['a', null] };
  const value = { clean, reason: `because ${SECRET}`, deep: [{ note: 'xoxb-1-bot' }] };
  const scrubbed = scrub(value);
  expect(scrubbed).toEqual({ clean, reason: 'because [secret]', deep: [{ note: '[secret]' }] });
  expect(scrubbed.clean).toBe(clean);
  expect(scrub(clean)).toBe(clean);
});

test('what is used and not shown stays: a plan with its Prometheus, and where Slack is answered', () => {
  const used = {
    plan: { url: 'http://a:xoxb-1-bot@host' },
    response_url: 'https://hooks.slack.com/a',
  };
  expect(scrub(used)).toBe(used);
});

test('secrets of the settings are taken out too, the former ones as well', () => {
  const metrics = (url: string) =>
    ({ source: 'prometheus', url, queries: {}, scrapeIntervalMs: 1 }) as const;
  const first = someSettings({ plan: { metrics: metrics('http://prom:old-pass%2Bword@host') } });
  const next = someSettings({
    plan: { metrics: metrics('http://prom:shrt@host') },
    settings: { alerts: { webhook: 'https://pager.example/v1/key-of-ours?x=1', unseenAfterMs: 1 } },
  });
  let current = first;
  const following = createFollowingScrubber(['support-agent', 'secret-of-agents'], () => current);
  expect(following('old-pass+word secret-of-agents')).toBe('[secret] [secret]');
  current = next;
  expect(following('old-pass+word http://prom:shrt@host')).toBe('[secret] http:[secret]host');
  expect(following('POST /v1/key-of-ours?x=1')).toBe('POST [secret]');
  expect(following('see https://pager.example/v1/key-of-ours?x=1')).toBe('see [secret]');
});

test('a secret that is the name of a service hides nothing, so that it can still be stopped', () => {
  const following = createFollowingScrubber(['support-agent'], () => someSettings());
  expect(following('/rollout pause support-agent')).toBe('/rollout pause support-agent');
});
