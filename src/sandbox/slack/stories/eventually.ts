import { type Feed, listen } from '#sandbox/slack/feed.ts';

const PATIENCE_MS = 3_000;

export type Patience = { readonly withinMs?: number };

/** Waits for what the app does in its own time; says what there was instead when it never comes. */
export async function eventually<Found>(
  feed: Feed,
  find: () => Found | undefined,
  { insteadOf, withinMs = PATIENCE_MS }: Patience & { readonly insteadOf: () => string },
): Promise<Found> {
  const found = find();
  if (found !== undefined) return found;
  const { promise, resolve, reject } = Promise.withResolvers<Found>();
  const stop = listen(feed, () => {
    const found = find();
    if (found !== undefined) resolve(found);
  });
  const timer = setTimeout(() => reject(new Error(insteadOf())), withinMs);
  return promise.finally(() => {
    stop();
    clearTimeout(timer);
  });
}
