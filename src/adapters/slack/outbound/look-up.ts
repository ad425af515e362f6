/** Looks for a message that may have gone out: by the effect it carries, where it would be. */
import type { Posting } from '#adapters/slack/outbound/post.ts';
import {
  isFailure,
  type PastMessages,
  type SlackClient,
} from '#adapters/slack/outbound/slack-client.ts';
import { MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import type { Logger } from '#operations/logger.ts';
import type { Place } from '#store/port.ts';

type LookUpDeps = { readonly client: SlackClient; readonly log: Logger };
type Wanted = Posting & { readonly channels: readonly string[] };

/** Names are in small letters. */
const CHANNEL_ID = /^[CDG][A-Z0-9]+$/;
/** Slack's clock and ours may differ. */
const CLOCKS_DIFFER_MS = 5 * MINUTE_MS;
const PAGES_MAX = 20;

/** History takes no names, and Slack tells the ID of one only when something was posted there. */
export const canBeLookedUp = (channel: string) => CHANNEL_ID.test(channel);

export async function lookUp(deps: LookUpDeps, wanted: Wanted): Promise<Place | undefined> {
  for (const channel of wanted.channels.filter(canBeLookedUp))
    for await (const ts of carrying(deps, wanted, channel)) return { channel, ts };
  return undefined;
}

/** Everything that carries the same effect in this channel, the oldest first. */
export async function lookUpAll(
  deps: LookUpDeps,
  wanted: Posting,
  channel: string,
): Promise<readonly Place[]> {
  const found: string[] = [];
  for await (const ts of carrying(deps, wanted, channel)) found.push(ts);
  return found.sort().map((ts) => ({ channel, ts }));
}

async function* carrying(
  { client, log }: LookUpDeps,
  wanted: Posting,
  channel: string,
): AsyncGenerator<string> {
  const { owed } = wanted;
  const effect = wanted.effect ?? String(owed.id);
  const oldest = String((owed.owedAt - CLOCKS_DIFFER_MS) / SECOND_MS);
  const page = (cursor: string | undefined): Promise<PastMessages> => {
    const stretch = { channel, oldest, ...(cursor !== undefined && { cursor }) };
    // A channel's history leaves out what was said in its threads.
    return 'thread' in wanted
      ? client.replies({ ...stretch, ts: wanted.thread.ts })
      : client.history(stretch);
  };
  try {
    let cursor: string | undefined;
    for (let pages = 0; pages < PAGES_MAX; pages += 1) {
      const { messages, cursor: next } = await page(cursor);
      for (const message of messages) if (message.effect === effect) yield message.ts;
      if (next === undefined) return;
      cursor = next;
    }
  } catch (error) {
    // Where reading is not allowed, saying it twice is better than not at all.
    if (!isFailure(error, 'clear', 'channel_gone')) throw error;
    log.warn({ err: error, channel }, 'What was posted cannot be looked up');
  }
}
