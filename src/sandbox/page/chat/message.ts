/** One message, as people read it. */
import { useContext, useEffect, useMemo, useRef } from 'preact/hooks';
import type { ShortcutHint, ShownMessage } from '#sandbox/protocol.ts';
import { Blocks } from '../blocks/block.ts';
import { SurfaceContext, useMessageSurface } from '../blocks/surface.ts';
import { classes, html } from '../html.ts';
import { findPerson, Reader } from '../state/reader.ts';
import { dayLabel, fullTime, timeOfDay } from '../text/dates.ts';
import { Emoji, Mrkdwn } from '../text/mrkdwn-view.ts';
import { Avatar } from './avatar.ts';
import { MessageTools } from './message-tools.ts';

export type MessageProps = {
  readonly message: ShownMessage;
  /** The writer of the message before said this too, moments later: no second name and avatar. */
  readonly follows: boolean;
  readonly shortcuts: readonly ShortcutHint[];
  /** Absent inside a thread. */
  readonly openThread?: (ts: string) => void;
};

/** Drawn anew only when this message changed, since most changes are about another one. */
export function Message({ message, follows, shortcuts, openThread }: MessageProps) {
  return useMemo(
    () => html`<${Drawn} ...${{ message, follows, shortcuts, openThread }} />`,
    [message, follows, shortcuts, openThread],
  );
}

function Drawn({ message, follows, shortcuts, openThread }: MessageProps) {
  const { people, me } = useContext(Reader);
  const content = useFlashOnEdit(message.editedAtMs);
  const { surface, failure } = useMessageSurface(me.id, message.channel, message.ts);
  const writer = findPerson(people, message.by);
  const { ephemeral, blocks, postedAtMs } = message;
  const look = classes('message', follows && 'follows', ephemeral && 'ephemeral');
  return html`<article class=${look} data-ts=${message.ts} aria-label="${writer.realName}, ${timeOfDay(postedAtMs)}">
    <div class="gutter">
      ${
        follows
          ? html`<time class="hover-time">${timeOfDay(postedAtMs)}</time>`
          : html`<${Avatar} person=${writer} />`
      }
    </div>
    <div class="message-body">
      ${!follows && html`<${Byline} message=${message} />`}
      ${ephemeral && html`<p class="only-you"><${Eye} /> Only visible to you</p>`}
      ${message.broadcast && html`<${FromThread} threadTs=${message.threadTs} openThread=${openThread} />`}
      <${SurfaceContext.Provider} value=${surface}>
        <div class="content" ref=${content}>
          ${blocks.length > 0 ? html`<${Blocks} blocks=${blocks} />` : html`<${Mrkdwn} text=${message.text} />`}
        </div>
      </${SurfaceContext.Provider}>
      ${failure && html`<p class="failure" role="alert">${failure}</p>`}
      <${Reactions} message=${message} />
      ${openThread && message.replyCount > 0 && html`<${Replies} message=${message} openThread=${openThread} />`}
    </div>
    <${MessageTools} message=${message} shortcuts=${shortcuts} openThread=${openThread} />
  </article>`;
}

/** A card that changes while one looks elsewhere is noticed by a short glow. */
function useFlashOnEdit(editedAtMs: number | undefined) {
  const content = useRef<HTMLDivElement>(null);
  const first = useRef(editedAtMs);
  useEffect(() => {
    if (editedAtMs === first.current) return;
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const glow = getComputedStyle(document.documentElement).getPropertyValue('--accent-soft');
    const from = { background: glow, boxShadow: `0 0 0 5px ${glow}` };
    content.current?.animate([from, {}], { duration: 1400, easing: 'ease-out' });
  }, [editedAtMs]);
  return content;
}

function Byline({ message: { by, postedAtMs, editedAtMs } }: { message: ShownMessage }) {
  const { people } = useContext(Reader);
  const writer = findPerson(people, by);
  return html`<div class="byline">
    <strong class="writer">${writer.realName}</strong>
    ${writer.kind === 'bot' && html`<span class="badge">App</span>`}
    ${writer.kind === 'guest' && html`<span class="badge">Guest</span>`}
    <time title=${fullTime(postedAtMs)}>${timeOfDay(postedAtMs)}</time>
    ${
      editedAtMs !== undefined &&
      html`<span class="edited" title=${fullTime(editedAtMs)}>updated ${timeOfDay(editedAtMs)}</span>`
    }
  </div>`;
}

function Reactions({ message: { reactions } }: { message: ShownMessage }) {
  const { people } = useContext(Reader);
  if (reactions.length === 0) return null;
  return html`<div class="reactions">
    ${reactions.map(({ name, users }) => {
      const who = users.map((id) => findPerson(people, id).realName).join(', ');
      return html`<span class="reaction" key=${name} title="${who} reacted with ${name}">
        <${Emoji} name=${name} /> ${users.length}
      </span>`;
    })}
  </div>`;
}

type RepliesProps = { message: ShownMessage; openThread: (ts: string) => void };

function Replies({
  message: { ts, replyCount, replyUsers, lastReplyTs },
  openThread,
}: RepliesProps) {
  const { people, clock } = useContext(Reader);
  const lastMs = Number(lastReplyTs ?? 0) * 1000;
  const last = lastReplyTs && `${dayLabel(lastMs, clock())} at ${timeOfDay(lastMs)}`;
  return html`<button type="button" class="replies" onClick=${() => openThread(ts)}>
    ${replyUsers.slice(0, 4).map((id) => html`<${Avatar} small person=${findPerson(people, id)} />`)}
    <span class="replies-count">${replyCount === 1 ? '1 reply' : `${replyCount} replies`}</span>
    ${last && html`<span class="muted">${last}</span>`}
  </button>`;
}

type FromThreadProps = { threadTs?: string; openThread?: (ts: string) => void };

/** A reply that stands in the channel as well says where it belongs. */
function FromThread({ threadTs, openThread }: FromThreadProps) {
  if (!openThread || !threadTs) return html`<p class="muted small">also sent to the channel</p>`;
  return html`<button type="button" class="from-thread" onClick=${() => openThread(threadTs)}>
    replied in a thread
  </button>`;
}

function Eye() {
  return html`<svg viewBox="0 0 24 24" width="14" height="14" aria-hidden="true">
    <path
      d="M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12z"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
    />
    <circle cx="12" cy="12" r="2.8" fill="currentColor" />
  </svg>`;
}
