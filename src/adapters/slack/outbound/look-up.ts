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

export async function lookUp(deps: LookUpDeps, wanted: Wanted): Promise<Place | undefined> {
  for (const channel of wanted.channels) {
    // A name was never posted to, or its ID would be known; and history takes no names.
    if (!CHANNEL_ID.test(channel)) continue;
    const ts = await lookUpIn(deps, wanted, channel);
    if (ts !== undefined) return { channel, ts };
  }
  return undefined;
}

async function lookUpIn(
  { client, log }: LookUpDeps,
  wanted: Wanted,
  channel: string,
): Promise<string | undefined> {
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
      const found = messages.find((message) => message.effect === effect);
      if (found) return found.ts;
      if (next === undefined) return undefined;
      cursor = next;
    }
  } catch (error) {
    // Where reading is not allowed, saying it twice is better than not at all.
    if (!isFailure(error, 'clear', 'channel_gone')) throw error;
    log.warn({ err: error, channel }, 'What was posted cannot be looked up');
  }
  return undefined;
}
