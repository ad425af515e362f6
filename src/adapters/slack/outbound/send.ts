/** One try to post in one place, after which it is known or in doubt whether it stands there. */
import { asWait, type DeliveryDeps, simplerIfRefused } from '#adapters/slack/outbound/delivery.ts';
import type { Posting } from '#adapters/slack/outbound/post.ts';
import { isFailure, type Outgoing } from '#adapters/slack/outbound/slack-client.ts';
import { channelSubject } from '#adapters/slack/outbound/subjects.ts';
import type { Place } from '#store/port.ts';

/** Posting takes names, looking up and editing do not; what Slack answered once is remembered. */
export const idOf =
  ({ messages }: DeliveryDeps) =>
  (channel: string) =>
    messages.find(channelSubject(channel))?.channel ?? channel;

/** By the name that was given, or a turn would be lost once the ID of the channel is known. */
export const ticketOf = ({ owed }: Pick<Posting, 'owed'>, channel: string) =>
  `${channel} ${owed.id}`;

/** Sends to a channel or a person, and remembers the ID that Slack answers. */
export async function sendTo(
  deps: DeliveryDeps,
  posting: Posting,
  channel: string,
): Promise<Place> {
  const place = await send(deps, posting, channel);
  rememberChannel(deps, channel, place);
  return place;
}

function rememberChannel(deps: DeliveryDeps, channel: string, place: Place): void {
  const { messages, posts, alertPosts, clock } = deps;
  const before = idOf(deps)(channel);
  if (before === place.channel) return;
  messages.remember(channelSubject(channel), place, clock());
  for (const pace of [posts, alertPosts]) pace.rename(before, place.channel);
}

async function send(deps: DeliveryDeps, posting: Posting, channel: string): Promise<Place> {
  const { doubts, posts, alertPosts, log } = deps;
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
  const wasDoubtful = doubts.mayHaveGoneOut(owed);
  doubts.isBeingSent(owed);
  try {
    return await simplerIfRefused(log, view, (shown) => client.post({ ...message, ...shown }));
  } catch (error) {
    if (!isFailure(error, 'unclear') && !wasDoubtful) doubts.isNotSent(owed);
    if (isFailure(error, 'limited')) {
      const [own, others] = posting.overtakes ? [alertPosts, posts] : [posts, alertPosts];
      own.hold(idOf(deps)(channel), error.retryAfterMs, ticketOf(posting, channel));
      others.hold(idOf(deps)(channel), error.retryAfterMs);
    }
    throw asWait(error);
  }
}
