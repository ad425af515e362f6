/** The few kinds of blocks that messages are made of, each within Slack's limits. */
import type {
  ActionsBlock,
  ActionsBlockElement,
  AnyBlock,
  ContextBlock,
  HeaderBlock,
  MrkdwnElement,
  PlainTextElement,
  SectionBlock,
} from '@slack/types';
import { withoutPermalink } from '#adapters/slack/permalink.ts';
import { link } from '#adapters/slack/views/links.ts';
import { asTyped, clip, fromPerson } from '#adapters/words/escape.ts';

/** What a message says. `text` stands for the blocks in notifications and for screen readers. */
export type View = { readonly text: string; readonly blocks: readonly AnyBlock[] };

const HEADER_CHARACTERS_MAX = 150;
const TEXT_CHARACTERS_MAX = 3_000;
/** All blocks together have a limit too, and small print is the first to give way. */
const SMALL_CHARACTERS_MAX = 1_200;
/** An edited message may not be longer, and every message may be edited. */
const FALLBACK_CHARACTERS_MAX = 1_000;

export const view = (text: string, blocks: readonly AnyBlock[]): View => ({
  text: clipMarkup(text, FALLBACK_CHARACTERS_MAX),
  blocks,
});

export const plain = (text: string): PlainTextElement => ({
  type: 'plain_text',
  text,
  emoji: true,
});

/** Verbatim, so that Slack makes nothing live that is not marked up. */
const markup = (text: string, charactersMax = TEXT_CHARACTERS_MAX): MrkdwnElement => ({
  type: 'mrkdwn',
  text: clipMarkup(text, charactersMax),
  verbatim: true,
});

/** A name too long for a header is given in full below it. */
export function heading(title: string): readonly [HeaderBlock, ...ContextBlock[]] {
  const header: HeaderBlock = {
    type: 'header',
    text: plain(clip(title, HEADER_CHARACTERS_MAX)),
  };
  return title.length <= HEADER_CHARACTERS_MAX
    ? [header]
    : [header, { type: 'context', elements: [{ ...plain(title), emoji: false }] }];
}

export const said = (...lines: readonly string[]): SectionBlock => ({
  type: 'section',
  text: markup(lines.filter(Boolean).join('\n')),
});

export const small = (...lines: readonly string[]): ContextBlock => ({
  type: 'context',
  elements: [markup(lines.filter(Boolean).join('\n'), SMALL_CHARACTERS_MAX)],
});

/** What a person wrote, shown as it was typed: in plain text nothing is live and nothing is bold. */
export function quoted(label: string, typed: string): readonly (SectionBlock | ContextBlock)[] {
  const { text, link: address } = withoutPermalink(asTyped(typed));
  const from = address === undefined ? undefined : link(address, 'the message it was taken from');
  if (text === '') return [];
  return [
    { type: 'section', text: { type: 'plain_text', text: `${label}: ${text}`, emoji: false } },
    ...(from === undefined ? [] : [small(from)]),
  ];
}

/** What somebody did, and why; a notification says both. */
export const withReason = (words: string, reason: string): View =>
  view(reason ? `${words} Reason: ${fromPerson(reason)}` : words, [
    said(words),
    ...quoted('Reason', reason),
  ]);

export const actions = (elements: readonly ActionsBlockElement[]): readonly ActionsBlock[] =>
  elements.length > 0 ? [{ type: 'actions', elements: [...elements] }] : [];

/** Cuts mrkdwn without leaving half a token or half an escape behind. */
export function clipMarkup(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text;
  const whole = text.slice(0, charactersMax - 1).replace(/(<[^>]*|&[a-z]{0,3})$/, '');
  return `${whole.replace(/[\uD800-\uDBFF]$/, '').trimEnd()}…`;
}
