/** The messages of a channel or thread: newest at the bottom, older ones as one scrolls up. */
import { useContext, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ShortcutHint, ShownMessage } from '#sandbox/protocol.ts';
import { type Children, html } from '../html.ts';
import { Reader } from '../state/reader.ts';
import { dayLabel, dayOf } from '../text/dates.ts';
import { Message } from './message.ts';
import { useWindow } from './use-window.ts';

const NEAR_PX = 48;
const FOLLOWS_MS = 5 * 60 * 1000;

type MessageListProps = {
  readonly messages: readonly ShownMessage[];
  readonly label: string;
  readonly shortcuts: readonly ShortcutHint[];
  /** Up to where this person had read when they came here. */
  readonly readTs?: string;
  readonly openThread?: (ts: string) => void;
  /** Stands above the first message. */
  readonly beginning?: Children;
};

export function MessageList(props: MessageListProps) {
  const { messages, label, shortcuts, readTs, openThread, beginning } = props;
  const { me, clock } = useContext(Reader);
  const drawn = useWindow(messages.length);
  const { box, isBehind, onScroll, goToEnd } = useScrolling(messages, drawn);
  const shown = useMemo(
    () => messages.slice(drawn.from, drawn.to),
    [messages, drawn.from, drawn.to],
  );
  const firstUnread = readTs === undefined ? undefined : findFirstUnread(shown, readTs, me.id);
  return html`<div class="list-frame">
    <div class="list" ref=${box} role="log" aria-label=${label} tabIndex="0" onScroll=${onScroll}>
      <div class="list-end">
        ${drawn.from === 0 && beginning}
        ${shown.flatMap((message, index) => {
          const before = shown[index - 1];
          const isNewDay = !before || dayOf(before.postedAtMs) !== dayOf(message.postedAtMs);
          const isUnread = message.ts === firstUnread?.ts;
          const follows =
            !isNewDay && !isUnread && before !== undefined && followsOn(before, message);
          // One flat list of keyed rows: nested ones would be drawn anew whenever the window moves.
          return [
            isNewDay && dayLine(message, clock()),
            isUnread &&
              html`<div class="new-line" role="separator" key="new"><span>New</span></div>`,
            html`<${Message} key=${message.ts} ...${{ message, follows, shortcuts, openThread }} />`,
          ].filter(Boolean);
        })}
      </div>
    </div>
    ${
      isBehind &&
      html`<button type="button" class="to-end" onClick=${goToEnd}>
        <span aria-hidden="true">↓</span> Newest
      </button>`
    }
  </div>`;
}

function dayLine({ ts, postedAtMs }: ShownMessage, nowMs: number) {
  const words = dayLabel(postedAtMs, nowMs);
  return html`<div class="day-line" role="separator" aria-label=${words} key="day ${ts}">
    <span>${words}</span>
  </div>`;
}

function followsOn(before: ShownMessage, message: ShownMessage): boolean {
  return (
    before.by === message.by &&
    before.ephemeral === message.ephemeral &&
    message.postedAtMs - before.postedAtMs < FOLLOWS_MS &&
    // Cards stand alone: each shows who posted it, and when it was last updated.
    message.blocks.length === 0 &&
    before.blocks.length === 0
  );
}

function findFirstUnread(messages: readonly ShownMessage[], readTs: string, me: string) {
  return messages.find(({ ts, by }) => ts > readTs && by !== me);
}

/** Stays at the newest message while one is there, and draws more where one scrolls to. */
function useScrolling(messages: readonly ShownMessage[], drawn: ReturnType<typeof useWindow>) {
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [isBehind, setBehind] = useState(false);
  const toBottom = () => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  };
  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    const { scrollTop, scrollHeight, clientHeight } = element;
    const below = scrollHeight - clientHeight - scrollTop;
    isAtEnd.current = drawn.isNewest && below < NEAR_PX;
    setBehind(!drawn.isNewest || below > clientHeight);
    if (scrollTop < clientHeight && drawn.from > 0) {
      // The browser keeps the place when rows are added above, except at the very top.
      if (scrollTop === 0) element.scrollTop = 1;
      drawn.older();
    } else if (below < clientHeight && !drawn.isNewest) {
      drawn.newer();
    }
  };
  useLayoutEffect(() => {
    if (isAtEnd.current) toBottom();
  }, [messages, drawn.from, drawn.to]);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    // Charts and pictures find their size later than the message that holds them.
    const observer = new ResizeObserver(() => isAtEnd.current && toBottom());
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, []);
  const goToEnd = () => {
    isAtEnd.current = true;
    setBehind(false);
    drawn.newest();
    toBottom();
  };
  return { box, isBehind, onScroll, goToEnd };
}
