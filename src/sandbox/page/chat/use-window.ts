/** Which part of a long list is drawn. Scrolling moves it, so that thousands cost as hundreds. */
import { useState } from 'preact/hooks';

/** What is drawn at first, and what each look further adds. */
const PAGE = 80;
const MOST = 3 * PAGE;

/** `to` is left open while the newest is in sight, so that what arrives is drawn. */
type Range = { readonly from: number; readonly to?: number };

export function useWindow(length: number) {
  const [range, setRange] = useState<Range>();
  const to = Math.min(range?.to ?? length, length);
  const from = range && range.from < to ? range.from : Math.max(0, to - PAGE);
  return {
    from,
    to,
    isNewest: to === length,
    older: () => {
      const next = Math.max(0, from - PAGE);
      const end = Math.min(to, next + MOST);
      setRange(end === length ? { from: next } : { from: next, to: end });
    },
    newer: () => {
      const end = Math.min(length, to + PAGE);
      const next = Math.max(from, end - MOST);
      setRange(end === length ? { from: next } : { from: next, to: end });
    },
    newest: () => setRange(undefined),
  };
}
