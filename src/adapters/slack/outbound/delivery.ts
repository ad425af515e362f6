/** Posts and edits with everything that can go wrong on the way to Slack. */
import type { Doubts } from '#adapters/slack/outbound/doubts.ts';
import { lookUp } from '#adapters/slack/outbound/look-up.ts';
import type { Pace } from '#adapters/slack/outbound/pace.ts';
import {
  isBlocksRefused,
  isFailure,
  type Outgoing,
  type SlackClient,
  SlackFailure,
} from '#adapters/slack/outbound/slack-client.ts';
import type { View } from '#adapters/slack/views/blocks.ts';
import { MINUTE_MS } from '#domain/time.ts';
import type { Clock } from '#operations/clock.ts';
import type { Logger } from '#operations/logger.ts';
import { TryLater } from '#operations/reconcile.ts';
import type { MessageLog, Owed, Place } from '#store/port.ts';

export type DeliveryDeps = {
  readonly client: SlackClient;
  /** A client of its own, so that nothing else can be in the way of a kill's notice. */
  readonly urgentClient: SlackClient;
  readonly messages: MessageLog;
  readonly doubts: Doubts;
  readonly posts: Pace;
  /** Edits of one message, and of all together. */
  readonly edits: Pace;
  readonly allEdits: Pace;
  readonly fallbackChannel: () => string | undefined;
  readonly clock: Clock;
  readonly log: Logger;
};

export type Posting = {
  readonly view: View;
  readonly owed: Owed;
  /** What the message carries out, when that is not the effect itself. */
  readonly effect?: string;
  /** Does not wait for its turn. */
  readonly overtakes?: boolean;
  readonly client?: SlackClient;
} & ({ readonly channel: string } | { readonly thread: Place; readonly broadcast?: boolean });

/** Where it stands, and whether an earlier try had brought it there, with what it said then. */
export type Posted = { readonly place: Place; readonly isOld: boolean };

/** Posts once: what may have gone out before is looked for first. */
export async function post(deps: DeliveryDeps, posting: Posting): Promise<Posted> {
  const { doubts, posts } = deps;
  const { owed } = posting;
  const channels = channelsOf(deps, posting);
  if (doubts.mayHaveGoneOut(owed)) {
    const found = await lookUp(deps, { ...posting, channels: channels.map(idOf(deps)) });
    if (found) return { place: found, isOld: true };
    doubts.isNotSent(owed);
  }
  const bucket = idOf(deps)(channels[0] ?? '');
  if (posting.overtakes) posts.overtake(bucket);
  else waitFor(posts.waitMs(bucket, `${bucket} ${owed.id}`), 'A channel takes one post a second');
  return { place: await postToFirst(deps, posting, channels), isOld: false };
}

/** The wanted channel, then the fallback; a thread is where it is. */
function channelsOf({ fallbackChannel }: DeliveryDeps, posting: Posting): readonly string[] {
  if ('thread' in posting) return [posting.thread.channel];
  const fallback = fallbackChannel();
  return fallback === undefined ? [posting.channel] : [posting.channel, fallback];
}

/** Posting takes names, looking up and editing do not; what Slack answered once is remembered. */
const idOf =
  ({ messages }: DeliveryDeps) =>
  (channel: string) =>
    messages.find(channelSubject(channel))?.channel ?? channel;

const channelSubject = (channel: string) => `channel:${channel}`;

async function postToFirst(
  deps: DeliveryDeps,
  posting: Posting,
  channels: readonly string[],
): Promise<Place> {
  const [channel = '', ...others] = channels;
  try {
    const place = await send(deps, posting, channel);
    rememberChannel(deps, channel, place);
    return place;
  } catch (error) {
    if (others.length === 0 || !isFailure(error, 'channel_gone')) throw error;
    const { code } = error as SlackFailure;
    deps.log.warn({ channel, code, instead: others[0] }, 'A channel cannot be posted to');
    return await postToFirst(deps, posting, others);
  }
}

function rememberChannel(deps: DeliveryDeps, channel: string, place: Place): void {
  const { messages, posts, clock } = deps;
  if (idOf(deps)(channel) === place.channel) return;
  messages.remember(channelSubject(channel), place, clock());
  // It was counted under the name; from now on the ID is what counts.
  posts.overtake(place.channel);
}

async function send(deps: DeliveryDeps, posting: Posting, channel: string): Promise<Place> {
  const { doubts, posts, log } = deps;
  const { owed, view, client = deps.client } = posting;
  const message: Outgoing = {
    ...view,
    channel: channel.replace(/^#/, ''),
    effect: posting.effect ?? String(owed.id),
    ...('thread' in posting && {
      threadTs: posting.thread.ts,
      broadcast: posting.broadcast ?? false,
    }),
  };
  doubts.isBeingSent(owed);
  try {
    return await withoutBlocksIfRefused(log, view, (shown) =>
      client.post({ ...message, ...shown }),
    );
  } catch (error) {
    if (!isFailure(error, 'unclear')) doubts.isNotSent(owed);
    if (error instanceof SlackFailure && error.kind === 'limited')
      posts.hold(idOf(deps)(channel), error.retryAfterMs);
    throw asWait(error);
  }
}

type Editing = {
  readonly view: View;
  readonly place: Place;
  readonly owed: Owed;
  readonly overtakes?: boolean;
};

const ALL = 'chat.update';

export async function edit(deps: DeliveryDeps, editing: Editing): Promise<void> {
  const { client, edits, allEdits, log } = deps;
  const { view, place, owed, overtakes } = editing;
  const bucket = `${place.channel} ${place.ts}`;
  if (overtakes) allEdits.overtake(ALL);
  else {
    const ticket = `${bucket} ${owed.id}`;
    waitFor(edits.waitMs(bucket, ticket), 'A message was edited just now');
    waitFor(allEdits.waitMs(ALL, ticket), 'Slack allows about fifty edits a minute');
  }
  try {
    await withoutBlocksIfRefused(log, view, (shown) => client.edit(place, shown));
  } catch (error) {
    if (error instanceof SlackFailure && error.kind === 'limited')
      allEdits.hold(ALL, error.retryAfterMs);
    throw asWait(error);
  }
}

/** Words alone are better than nothing when Slack does not take the blocks. */
async function withoutBlocksIfRefused<Answer>(
  log: Logger,
  view: View,
  call: (view: View) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await call(view);
  } catch (error) {
    if (!isBlocksRefused(error)) throw error;
    log.error({ err: error, text: view.text }, 'Slack refused blocks; the words go out alone');
    return await call({ text: view.text, blocks: [] });
  }
}

function waitFor(waitMs: number, why: string): void {
  if (waitMs > 0) throw new TryLater(why, waitMs);
}

/** How long to leave Slack alone when somebody has to put things right first. */
const UNTIL_REPAIRED_MS = MINUTE_MS;

/** A gone channel is left as it is, since the caller may know another one. */
function asWait(error: unknown): unknown {
  if (!(error instanceof SlackFailure)) return error;
  const { kind, message, retryAfterMs } = error;
  if (kind === 'limited') return new TryLater(message, retryAfterMs, { cause: error });
  if (kind === 'revoked') return new TryLater(message, UNTIL_REPAIRED_MS, { cause: error });
  return error;
}
