import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerKillswitch } from '#adapters/slack/inbound/answer-killswitch.ts';
import { answerRollout } from '#adapters/slack/inbound/answer-rollout.ts';
import { ephemeral } from '#adapters/slack/inbound/reply.ts';
import { asTyped, fromPerson } from '#adapters/words/escape.ts';
import { refusalWords } from '#adapters/words/refusal-words.ts';
import { answers } from '#test/support/slack-bot.ts';

/** Letters as they come, and much of what is dangerous in mrkdwn. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<!channel>',
        '<@U0ANA>',
        '<#C1>',
        '<https://x|y>',
        '&lt;',
        '\u202e',
        '\u200b',
      ),
      fc.constantFrom('\n', '\r\n', '\u2028', '\u0000', '`', '*', '&', '<', '>', 'support-agent'),
      fc.string({ unit: 'binary' }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(' '));

/** What Slack would make live, apart from dates and mentions of our own making. */
const LIVE = /<(?!@[UW][A-Z0-9]+>|!date\^|#C[A-Z0-9]+>|!subteam\^)/;

test('text from people has nothing live, hidden or turned around in it, and is short', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const words = fromPerson(text);
      expect(words).not.toMatch(/[<>]/);
      expect(words).not.toMatch(/&(?!amp;|lt;|gt;)/);
      expect(words).not.toMatch(/\p{Cf}/u);
      expect(words.isWellFormed()).toBe(true);
      expect(asTyped(text).length).toBeLessThanOrEqual(500);
    }),
    { numRuns: 500 },
  );
});

test('no refusal lets through what was typed', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      for (const words of [
        refusalWords({ code: 'unknown_service', service: text, known: [text] }),
        refusalWords({ code: 'bad_version', version: text }),
        refusalWords({ code: 'version_locked', version: text, reason: text }),
        refusalWords({ code: 'already_on', name: text, reason: text }),
        refusalWords({ code: 'bad_percentage', given: text }),
        refusalWords({ code: 'bad_plan', problem: text }),
      ])
        expect(words).not.toMatch(LIVE);
    }),
    { numRuns: 300 },
  );
});

const WORDS = [
  ...['start', 'status', 'list', 'promote', 'pause', 'resume', 'rollback', 'abort', 'unlock'],
  ...['why', 'whois', 'history', 'flag list', 'flag set', 'flag allow', 'flag archive', 'help'],
  ...['on', 'off', 'support-agent', 'support-agent@2.4.0', '2.4.0', '25%', 'global', 'answers'],
];
const anyCommand = fc
  .array(fc.oneof(fc.constantFrom(...WORDS), anyText), { maxLength: 5 })
  .map((parts) => parts.join(' '));

test('whatever is typed gets an answer that is harmless and fits', async () => {
  const { deps, asking, passMs } = await answers();
  await fc.assert(
    fc.asyncProperty(anyCommand, fc.constantFrom('U0ANA', 'U0CHIDI'), async (text, userId) => {
      passMs(60_000);
      for (const answer of [answerRollout, answerKillswitch]) {
        const { text: words, blocks = [] } = await answer(deps, { ...asking(userId), text });
        expect(words.trim()).not.toBe('');
        expect(words.length).toBeLessThanOrEqual(3_000);
        expect(words).not.toMatch(LIVE);
        expect(blocks.length).toBeLessThanOrEqual(50);
      }
    }),
    { numRuns: 200 },
  );
});

test('a long answer is cut between lines, and no section is too long', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 4_000 }), { maxLength: 30 }), (lines) => {
      const { text, blocks = [] } = ephemeral(lines.join('\n'));
      expect(text.length).toBeLessThanOrEqual(3_000);
      for (const block of blocks)
        if (block.type === 'section') expect(block.text?.text.length).toBeLessThanOrEqual(3_000);
      expect(JSON.stringify(blocks).length).toBeLessThan(40_000);
    }),
  );
});
