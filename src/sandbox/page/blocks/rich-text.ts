/** Slack's structured text: sections, lists, quotes and preformatted text. */
import type { RichTextBlock, RichTextElement } from '@slack/types';
import { useContext } from 'preact/hooks';
import { classes, html } from '../html.ts';
import { Reader } from '../state/reader.ts';
import { fillDate, fullTime } from '../text/dates.ts';
import { Emoji, Link, Mention } from '../text/mrkdwn-view.ts';

type Part = RichTextBlock['elements'][number];

export function RichText({ block }: { block: RichTextBlock }) {
  return html`<div class="block rich-text mrkdwn">${block.elements.map(part)}</div>`;
}

function part(element: Part) {
  switch (element.type) {
    case 'rich_text_section':
      return html`<p>${element.elements.map(inline)}</p>`;
    case 'rich_text_quote':
      return html`<blockquote>${element.elements.map(inline)}</blockquote>`;
    case 'rich_text_preformatted':
      return html`<pre>${element.elements.map(inline)}</pre>`;
    case 'rich_text_list': {
      const items = element.elements.map(({ elements }) => html`<li>${elements.map(inline)}</li>`);
      const style = { marginInlineStart: `${(element.indent ?? 0) * 1.5}em` };
      if (element.style === 'ordered') return html`<ol style=${style}>${items}</ol>`;
      return html`<ul style=${style}>${items}</ul>`;
    }
  }
}

function inline(element: RichTextElement) {
  const { bold, italic, strike, code } = element.style ?? {};
  const bare = bareInline(element);
  if (code) return html`<code>${bare}</code>`;
  const names = classes(bold && 'is-bold', italic && 'is-italic', strike && 'is-strike');
  return names ? html`<span class=${names}>${bare}</span>` : bare;
}

function bareInline(element: RichTextElement) {
  switch (element.type) {
    case 'text':
      return withBreaks(element.text);
    case 'link':
      return html`<${Link} url=${element.url} label=${element.text || element.url} />`;
    case 'emoji':
      return html`<${Emoji} name=${element.name} />`;
    case 'user':
      return html`<${Mention} is="user" id=${element.user_id} label="" />`;
    case 'channel':
      return html`<${Mention} is="channel" id=${element.channel_id} label="" />`;
    case 'usergroup':
      return html`<${Mention} is="group" id=${element.usergroup_id} label="" />`;
    case 'broadcast':
      return html`<span class="mention for-me">@${element.range}</span>`;
    case 'date':
      return html`<${RichDate} ...${element} />`;
    case 'color':
      return element.value;
    case 'team':
      return element.team_id;
  }
}

function withBreaks(text: string) {
  return text.split('\n').map((line, index) => (index > 0 ? html`<br />${line}` : line));
}

type RichDateProps = { timestamp: number; format: string; fallback?: string };

function RichDate({ timestamp, format, fallback }: RichDateProps) {
  const { clock } = useContext(Reader);
  const atMs = timestamp * 1000;
  if (Number.isNaN(new Date(atMs).getTime())) return html`${fallback ?? ''}`;
  return html`<time title=${fullTime(atMs)}>${fillDate(format, atMs, clock())}</time>`;
}
