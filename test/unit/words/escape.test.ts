import { expect, test } from 'vitest';
import { permalink, withoutPermalink, withPermalink } from '#adapters/slack/permalink.ts';
import { asRead } from '#adapters/words/escape.ts';

test.each([
  ['it is &lt;b&gt; &amp; worse', 'it is <b> & worse'],
  ['<@U0BO> said so', '@U0BO said so'],
  ['<!channel> look', '@channel look'],
  ['<!subteam^S0OPS|@ops> look', '@ops look'],
  ['see <#C0OPS|ops>', 'see #ops'],
  ['see <https://wiki.example/x>', 'see https://wiki.example/x'],
  ['see <https://wiki.example/x|the page>', 'see the page (https://wiki.example/x)'],
  ['&amp;lt; stays escaped once', '&lt; stays escaped once'],
])('“%s” is read as “%s”', (mrkdwn, read) => {
  expect(asRead(mrkdwn)).toBe(read);
});

const where = { domain: 'signal-box', channel: 'C0AGENTOPS', ts: '1795885748.000100' };

test('a link to a message stands at the end of a reason, and is found there again', () => {
  const link = permalink({ ...where, threadTs: undefined });
  expect(link).toBe('https://signal-box.slack.com/archives/C0AGENTOPS/p1795885748000100');
  expect(withoutPermalink(withPermalink('it is rude', link))).toEqual({ text: 'it is rude', link });
});

test('a link to a reply names its thread', () => {
  const link = permalink({ ...where, threadTs: '1795885000.000200' });
  expect(link).toMatch(/\/p1795885748000100\?thread_ts=1795885000\.000200&cid=C0AGENTOPS$/);
  expect(withoutPermalink(withPermalink('it is rude', link)).link).toBe(link);
});

test.each([
  { ...where, domain: 'evil.example/' },
  { ...where, domain: undefined },
  { ...where, channel: '../x' },
  { ...where, ts: 'now' },
])('no link is made of what Slack never sends', (parts) => {
  expect(permalink({ ...parts, threadTs: undefined })).toBeUndefined();
});

test.each(['it is rude', 'see https://evil.example/archives/C1/p1795885748000100', ''])(
  'a reason without such a link stays as it is: “%s”',
  (reason) => {
    expect(withoutPermalink(reason)).toEqual({ text: reason });
  },
);
