import { describe, expect, test } from 'vitest';

import { fillDate } from '#sandbox/page/text/dates.ts';
import { withEmoji } from '#sandbox/page/text/emoji.ts';
import { type Inline, isSafeUrl, readInline, readMrkdwn } from '#sandbox/page/text/mrkdwn.ts';

/** As a person would see it, with the marks spelt out. */
function seen(parts: readonly Inline[]): string {
  return parts
    .map((part) => {
      if ('inside' in part) return `[${part.is} ${seen(part.inside)}]`;
      if (part.is === 'text') return part.text;
      if (part.is === 'code') return `[code ${part.text}]`;
      if (part.is === 'link') return `[link ${part.url} ${part.label}]`;
      if (part.is === 'break') return '/';
      if (part.is === 'emoji') return `[emoji ${part.name}]`;
      if (part.is === 'broadcast') return `[all ${part.range}]`;
      if (part.is === 'date') return `[date ${part.ts} ${part.format} ${part.fallback}]`;
      return `[${part.is} ${part.id}]`;
    })
    .join('');
}
const line = (text: string) => seen(readInline(text));

describe('mrkdwn', () => {
  test.each([
    ['*bold* and _italic_ and ~gone~', '[bold bold] and [italic italic] and [strike gone]'],
    ['_*both*_', '[italic [bold both]]'],
    ['2*3*4 and snake_case_name', '2*3*4 and snake_case_name'],
    ['* not a list*', '* not a list*'],
    ['*open\nended*', '*open/ended*'],
    ['*bold*, (*so*)', '[bold bold], ([bold so])'],
    ['*a `b*c` d*', '[bold a [code b*c] d]'],
    ['`*code* &lt;b&gt;`', '[code *code* <b>]'],
    ['done :tada: at 10:30:00', 'done [emoji tada] at 10[emoji 30]00'],
  ])('reads %j as %j', (text, expected) => {
    expect(line(text)).toBe(expected);
  });

  test.each([
    ['<@U0BO> <#C0OPS|ops> <!here>', '[user U0BO] [channel C0OPS] [all here]'],
    ['<!subteam^S0APPROVERS>', '[group S0APPROVERS]'],
    ['<https://a.example/?x=1&amp;y=2|a &lt;b&gt;>', '[link https://a.example/?x=1&y=2 a <b>]'],
    ['see https://a.example/b.', 'see [link https://a.example/b https://a.example/b].'],
    ['<!date^1700000000^{date} {time}|then>', '[date 1700000000 {date} {time} then]'],
    ['<!date^soon^{date}|then>', 'then'],
  ])('reads what is in angle brackets: %j', (text, expected) => {
    expect(line(text)).toBe(expected);
  });

  test('undoes the three escapes, once', () => {
    expect(line('&lt;script&gt; &amp;amp; &amp;lt;')).toBe('<script> &amp; &lt;');
  });

  test('makes no link of an address that could run', () => {
    expect(line('<javascript:alert(1)|press me>')).toBe('press me');
    expect(['data:text/html,x', ' javascript:x', '//evil.example'].some(isSafeUrl)).toBe(false);
  });

  test('tells quotes, lists and code from plain lines', () => {
    const parts = readMrkdwn(
      'intro\n&gt; said\n&gt; more\n• one\n2. two\n```if (a &lt; b)\n  c```\nend',
    );
    expect(parts.map(({ is }) => is)).toEqual(['lines', 'quote', 'item', 'item', 'pre', 'lines']);
    expect(parts[3]).toMatchObject({ marker: '2.' });
    expect(parts[4]).toEqual({ is: 'pre', text: 'if (a < b)\n  c' });
  });

  test('reads ten thousand hostile characters in no time', () => {
    const started = performance.now();
    for (const mark of ['*', '<', '`', '_a', ' *', '&gt;', ':a', '```', 'h'])
      readMrkdwn(mark.repeat(5_000));
    expect(performance.now() - started).toBeLessThan(500);
  });
});

test('emoji in plain text are drawn, and unknown codes stay as they are', () => {
  expect(withEmoji(':rocket: Go :constructor: at 10:00')).toBe('🚀 Go :constructor: at 10:00');
});

describe('date tokens', () => {
  const now = Date.UTC(2026, 10, 20, 12);
  test('name the days near today', () => {
    expect(fillDate('{date_short_pretty}, then', now, now)).toBe('today, then');
    expect(fillDate('since {date_pretty}', now - 86_400_000, now)).toBe('since yesterday');
    expect(fillDate('{date_short} {ago}', now - 3 * 86_400_000, now)).toBe(
      'Nov 17, 2026 3 days ago',
    );
  });
  test('leave unknown tokens as they are', () => {
    expect(fillDate('{week} {date_num}', now, now)).toBe('{week} 11/20/2026');
  });
});
