/** What changed, in order, and for whose eyes; the page and the tests listen to it. */
import type { PageChange } from '#sandbox/protocol.ts';

type WithoutSeq<Change> = Change extends unknown ? Omit<Change, 'seq'> : never;
type Change = WithoutSeq<PageChange>;
export type IsFor = (userId: string) => boolean;

type Announced = { readonly seq: number; readonly isFor: IsFor; readonly make: MakeChange };
/** A message looks the same to all who see it, but a channel is named after the other party. */
type MakeChange = (userId: string) => Change;
type Listener = () => void;

export type Feed = {
  seq: number;
  announced: Announced[];
  readonly listeners: Set<Listener>;
};

const KEPT_MAX = 2_000;

/** Numbers go on from the time of the start, so those of an earlier life are known to be old. */
export const createFeed = (startedAtMs: number): Feed => ({
  seq: startedAtMs,
  announced: [],
  listeners: new Set(),
});

export function announce(feed: Feed, isFor: IsFor, make: MakeChange): void {
  feed.seq += 1;
  feed.announced.push({ seq: feed.seq, isFor, make });
  if (feed.announced.length > 2 * KEPT_MAX) feed.announced = feed.announced.slice(-KEPT_MAX);
  for (const listener of [...feed.listeners]) listener();
}

/** Undefined when the changes after `seq` are no longer all kept, or never were this workspace's. */
export function changesAfter(feed: Feed, seq: number, userId: string): PageChange[] | undefined {
  const oldest = feed.announced[0]?.seq ?? feed.seq + 1;
  if (seq > feed.seq || seq < oldest - 1) return undefined;
  return feed.announced
    .slice(seq - oldest + 1)
    .filter(({ isFor }) => isFor(userId))
    .map((one) => ({ ...one.make(userId), seq: one.seq }));
}

export function listen(feed: Feed, listener: Listener): () => void {
  feed.listeners.add(listener);
  return () => feed.listeners.delete(listener);
}
