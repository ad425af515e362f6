import { type DeliveryDeps, waitFor } from '#adapters/slack/outbound/delivery.ts';
import { canBeLookedUp, lookUp, lookUpAll } from '#adapters/slack/outbound/look-up.ts';
import { postToFirst } from '#adapters/slack/outbound/post-to-first.ts';
import { idOf, ticketOf } from '#adapters/slack/outbound/send.ts';
import type { SlackClient } from '#adapters/slack/outbound/slack-client.ts';
import type { View } from '#adapters/slack/views/blocks.ts';
import type { Owed, Place } from '#store/port.ts';

/** Alerts take turns among themselves, ahead of the others; what tells of a kill waits for nobody. */
export type Overtakes = 'others' | 'everybody';

export type Posting = {
  readonly view: View;
  readonly owed: Owed;
  /** What the message carries out, when that is not the effect itself. */
  readonly effect?: string;
  readonly overtakes?: Overtakes;
  readonly client?: SlackClient;
} & ({ readonly channel: string } | { readonly thread: Place; readonly broadcast?: boolean });

/** Where it stands, and whether an earlier try had brought it there, with what it said then. */
export type Posted = { readonly place: Place; readonly isOld: boolean };

/** Posts once: what may have gone out before is looked for first. */
export async function post(deps: DeliveryDeps, posting: Posting): Promise<Posted> {
  const { doubts } = deps;
  const { owed } = posting;
  const channels = channelsOf(deps, posting);
  if (doubts.mayHaveGoneOut(owed)) {
    const ids = channels.map(idOf(deps));
    const found = await lookUp(deps, { ...posting, channels: ids });
    if (found) return { place: found, isOld: true };
    if (ids.every(canBeLookedUp)) doubts.isNotSent(owed);
  }
  waitForTurn(deps, posting, channels[0] ?? '');
  const isDoubtful = doubts.mayHaveGoneOut(owed);
  const place = await postToFirst(deps, posting, channels);
  return isDoubtful ? await withoutTwins(deps, posting, place) : { place, isOld: false };
}

function waitForTurn(deps: DeliveryDeps, posting: Posting, channel: string): void {
  const { posts, alertPosts } = deps;
  const why = 'A channel takes one post a second';
  const bucket = idOf(deps)(channel);
  const ticket = ticketOf(posting, channel);
  const { overtakes } = posting;
  if (overtakes === undefined) {
    waitFor(posts.waitMs(bucket, ticket), why);
    return;
  }
  if (overtakes === 'others') waitFor(alertPosts.waitMs(bucket, ticket), why);
  else alertPosts.overtake(bucket);
  posts.overtake(bucket);
}

/**
 * An earlier try went to a channel of which only the name was known, so nobody could look. Now Slack
 * has said its ID: what stands there twice is taken back, and the oldest stays, since people may
 * have pressed its buttons already.
 */
async function withoutTwins(deps: DeliveryDeps, posting: Posting, place: Place): Promise<Posted> {
  const { client, log } = deps;
  const [oldest = place, ...twins] = await lookUpAll(deps, posting, place.channel);
  for (const twin of twins)
    await client.remove(twin).catch((error: unknown) => {
      log.warn({ err: error, twin }, 'A message stands there twice and could not be taken back');
    });
  return { place: oldest, isOld: oldest.ts !== place.ts };
}

/** The wanted channel, then the fallback; a thread is where it is. */
function channelsOf({ fallbackChannel }: DeliveryDeps, posting: Posting): readonly string[] {
  if ('thread' in posting) return [posting.thread.channel];
  const fallback = fallbackChannel();
  const { channel } = posting;
  return fallback === undefined || fallback === channel ? [channel] : [channel, fallback];
}
