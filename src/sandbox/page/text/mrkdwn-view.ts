/** Draws mrkdwn as DOM nodes. */
import { useContext } from 'preact/hooks';
import { type Children, classes, html } from '../html.ts';
import { Reader } from '../state/reader.ts';
import { fillDate, fullTime } from './dates.ts';
import { findEmoji } from './emoji.ts';
import { type Inline, isSafeUrl, type Paragraph, readInline, readMrkdwn } from './mrkdwn.ts';

export function Mrkdwn({ text }: { text: string }) {
  return html`<div class="mrkdwn">${readMrkdwn(text).map(paragraph)}</div>`;
}

/** For one line among others, such as a context element. */
export function MrkdwnLine({ text }: { text: string }) {
  return html`<span class="mrkdwn">${readInline(text).map(inline)}</span>`;
}

function paragraph(part: Paragraph) {
  switch (part.is) {
    case 'lines':
      return html`<p>${part.inside.map(inline)}</p>`;
    case 'quote':
      return html`<blockquote>${part.inside.map(inline)}</blockquote>`;
    case 'item':
      return html`<p class="list-item">
        <span class="marker">${part.marker === '-' ? '•' : part.marker}</span>
        <span>${part.inside.map(inline)}</span>
      </p>`;
    case 'pre':
      return html`<pre>${part.text}</pre>`;
  }
}

function inline(part: Inline): Children {
  switch (part.is) {
    case 'text':
      return part.text;
    case 'code':
      return html`<code>${part.text}</code>`;
    case 'break':
      return html`<br />`;
    case 'bold':
      return html`<strong>${part.inside.map(inline)}</strong>`;
    case 'italic':
      return html`<em>${part.inside.map(inline)}</em>`;
    case 'strike':
      return html`<del>${part.inside.map(inline)}</del>`;
    case 'link':
      return html`<${Link} url=${part.url} label=${part.label} />`;
    case 'user':
    case 'channel':
    case 'group':
      return html`<${Mention} is=${part.is} id=${part.id} label=${part.label} />`;
    case 'broadcast':
      return html`<span class="mention for-me">@${part.range}</span>`;
    case 'date':
      return html`<${DateToken} ...${part} />`;
    case 'emoji':
      return html`<${Emoji} name=${part.name} />`;
  }
}

export function Emoji({ name }: { name: string }) {
  const sign = findEmoji(name);
  if (!sign) return html`:${name}:`;
  return html`<span class="emoji" role="img" aria-label=${name.replaceAll('_', ' ')}>${sign}</span>`;
}

export function Link({ url, label }: { url: string; label: string }) {
  if (!isSafeUrl(url)) return html`${label}`;
  return html`<a href=${url} target="_blank" rel="noreferrer noopener">${label}</a>`;
}

export function Mention(props: { is: 'user' | 'channel' | 'group'; id: string; label: string }) {
  const { people, groups, channels, me, openChannel } = useContext(Reader);
  if (props.is === 'channel') {
    const channel = channels.find(({ id }) => id === props.id);
    const name = `#${channel?.name ?? (props.label || props.id)}`;
    if (!channel) return html`<span class="mention">${name}</span>`;
    return html`<button class="mention" type="button" onClick=${() => openChannel(channel.id)}>
      ${name}
    </button>`;
  }
  if (props.is === 'group') {
    const group = groups.find(({ id }) => id === props.id);
    const forMe = group?.members.includes(me.id);
    const name = group?.handle ?? (props.label.replace(/^@/, '') || props.id);
    return html`<span class=${classes('mention', forMe && 'for-me')}>@${name}</span>`;
  }
  const person = people.find(({ id }) => id === props.id);
  const name = person?.realName ?? (props.label || props.id);
  const title = person?.title;
  return html`<span class=${classes('mention', props.id === me.id && 'for-me')} title=${title}
    >@${name}</span
  >`;
}

function DateToken({ ts, format, fallback }: { ts: number; format: string; fallback: string }) {
  const { clock } = useContext(Reader);
  const atMs = ts * 1000;
  if (Number.isNaN(new Date(atMs).getTime())) return html`${fallback}`;
  const iso = new Date(atMs).toISOString();
  return html`<time dateTime=${iso} title=${fullTime(atMs)}>${fillDate(format, atMs, clock())}</time>`;
}
