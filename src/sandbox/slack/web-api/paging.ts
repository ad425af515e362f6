import { type Arguments, numberArg, textArg } from '#sandbox/slack/web-api/arguments.ts';

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 1_000;

/** Cursors are opaque to an app; ours hold the number of items already given. */
export function page<Item>(all: readonly Item[], args: Arguments) {
  const limit = Math.min(numberArg(args, 'limit', LIMIT_DEFAULT), LIMIT_MAX);
  const cursor = textArg(args, 'cursor') ?? '';
  const from = Number(Buffer.from(cursor, 'base64').toString('utf8').replace('from:', '')) || 0;
  const next = from + limit;
  const nextCursor = next < all.length ? Buffer.from(`from:${next}`).toString('base64') : '';
  return {
    items: all.slice(from, next),
    response_metadata: { next_cursor: nextCursor },
  };
}
