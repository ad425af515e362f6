/** Slack's text objects: plain or mrkdwn. */
import type { ShownText } from '#sandbox/protocol.ts';
import { html } from '../html.ts';
import { withEmoji } from './emoji.ts';
import { Mrkdwn, MrkdwnLine } from './mrkdwn-view.ts';

export function plainText(text: ShownText | undefined): string {
  return text ? withEmoji(text.text) : '';
}

export function TextObject({ text }: { text: ShownText }) {
  if (text.type === 'mrkdwn') return html`<${Mrkdwn} text=${text.text} />`;
  return html`<div class="plain">${plainText(text)}</div>`;
}

export function TextLine({ text }: { text: ShownText }) {
  if (text.type === 'mrkdwn') return html`<${MrkdwnLine} text=${text.text} />`;
  return html`<span class="plain">${plainText(text)}</span>`;
}
