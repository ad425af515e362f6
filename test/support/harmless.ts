/** What people type to make a message say what they like, and how to see that it does not. */
import fc from 'fast-check';
import { expect } from 'vitest';

/** What somebody might type or configure to make a message say what they like. */
export const NASTY = [
  '<!channel>',
  '<@U0EVIL>',
  '<#C1>',
  '<https://evil.example|ok>',
  '&lt;',
  '*_~`',
  '\u202e',
  '\u0000',
];
export const typed = (charactersMax: number) =>
  fc
    .array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'grapheme' })), { maxLength: 80 })
    .map((parts) => parts.join('').slice(0, charactersMax));
export const longTyped = fc.oneof(
  typed(500),
  fc.constantFrom('&'.repeat(500), '<'.repeat(500), 'x'.repeat(500)),
);

/** A message, or a view, which has no text beside its blocks. */
type Said = { readonly text?: string; readonly blocks: readonly object[] };

/** All that Slack reads as markup: mrkdwn texts and the message's own text. */
function markup({ text = '', blocks }: Said): readonly string[] {
  const inside = (value: unknown): readonly string[] => {
    if (Array.isArray(value)) return value.flatMap(inside);
    if (typeof value !== 'object' || value === null) return [];
    const fields = Object.entries(value);
    const own =
      'type' in value && value.type === 'mrkdwn' && 'text' in value ? [String(value.text)] : [];
    return [...own, ...fields.flatMap(([, field]) => inside(field))];
  };
  return [text, ...inside(blocks)];
}

/** The tokens that the views themselves write; anything else live came from a person. */
const OWN =
  /<@U0ANA>|<@U0BO>|<!subteam\^S0APPROVERS>|<!date\^\d+\^[^|>]*\|[^>]*>|<https?:\/\/[^\s<>|]+\|[^<>|]*>/g;

export function saysNothingLive(view: Said): void {
  for (const text of markup(view)) {
    const rest = text.replaceAll(OWN, '');
    expect(rest).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b]/);
    expect(text).not.toContain('https://evil.example|ok>');
  }
}
