/** The messages of a channel or thread: newest at the bottom, older ones as one scrolls up. */
import { useContext, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ShortcutHint, ShownMessage } from '#sandbox/protocol.ts';
import { type Children, html } from '../html.ts';
import { Reader } from '../state/reader.ts';
import { dayLabel, dayOf } from '../text/dates.ts';
import { Message } from './message.ts';

/** What is drawn at first, and what each look further back adds. */
const PAGE_MESSAGES = 80;
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
  const [limit, setLimit] = useState(PAGE_MESSAGES);
  const box = useRef<HTMLDivElement>(null);
  const { isBehind, onScroll, goToEnd } = useStickyEnd(box, messages);
  const shown = useMemo(() => messages.slice(-limit), [messages, limit]);
  const isWhole = shown.length === messages.length;
  const firstUnread = readTs === undefined ? undefined : findFirstUnread(shown, readTs, me.id);

  const onScrolled = () => {
    onScroll();
    const element = box.current;
    if (!element || isWhole || element.scrollTop > element.clientHeight) return;
    // Scrolling is anchored by the browser, but only away from the very top.
    if (element.scrollTop === 0) element.scrollTop = 1;
    setLimit(limit + PAGE_MESSAGES);
  };
  return html`<div class="list-frame">
    <div class="list" ref=${box} role="log" aria-label=${label} tabIndex="0" onScroll=${onScrolled}>
      <div class="list-end">
        ${isWhole && beginning}
        ${shown.map((message, index) => {
          const before = shown[index - 1];
          const isNewDay = !before || dayOf(before.postedAtMs) !== dayOf(message.postedAtMs);
          const isUnread = message.ts === firstUnread?.ts;
          return html`${
            isNewDay &&
            html`<${DayLine} key="day ${message.ts}" words=${dayLabel(message.postedAtMs, clock())} />`
          }
          ${isUnread && html`<div class="new-line" role="separator" key="new"><span>New</span></div>`}
          <${Message}
            key=${message.ts}
            message=${message}
            follows=${!isNewDay && !isUnread && before !== undefined && followsOn(before, message)}
            shortcuts=${shortcuts}
            openThread=${openThread}
          />`;
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

function DayLine({ words }: { words: string }) {
  return html`<div class="day-line" role="separator" aria-label=${words}><span>${words}</span></div>`;
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

/** Stays at the newest message while one is there, and says when one is not. */
function useStickyEnd(box: { current: HTMLDivElement | null }, messages: readonly ShownMessage[]) {
  const isAtEnd = useRef(true);
  const [isBehind, setBehind] = useState(false);
  const goToEnd = () => {
    const element = box.current;
    if (element) element.scrollTop = element.scrollHeight;
  };
  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    const distance = element.scrollHeight - element.clientHeight - element.scrollTop;
    isAtEnd.current = distance < NEAR_PX;
    setBehind(distance > element.clientHeight);
  };
  useLayoutEffect(() => {
    if (isAtEnd.current) goToEnd();
  }, [messages]);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    // Charts and pictures find their size later than the message that holds them.
    const observer = new ResizeObserver(() => isAtEnd.current && goToEnd());
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, []);
  return { isBehind, onScroll, goToEnd };
}
