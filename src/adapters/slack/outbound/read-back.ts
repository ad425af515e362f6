/** Slack has been seen to say ok and lose the message; what nobody may miss is worth a second look. */
import { asWait, type DeliveryDeps, waitFor } from '#adapters/slack/outbound/delivery.ts';
import { isFailure, isMessageGone } from '#adapters/slack/outbound/slack-client.ts';
import { later, SECOND_MS } from '#domain/time.ts';
import type { Owed, Sent } from '#store/port.ts';

const READ_BACK_MS = 30 * SECOND_MS;
const ALL = 'conversations.history';

/** It stays owed until it was seen, in a lane of its own, so that nothing waits for that. */
export const readBackLater = ({ outbox, clock }: DeliveryDeps, owed: Owed, sent: Sent): void =>
  outbox.readBack(owed, sent, later(clock(), READ_BACK_MS));

/** What cannot be read counts as there: saying it again for ever would help nobody. */
export async function isStillThere(deps: DeliveryDeps, owed: Owed, sent: Sent): Promise<boolean> {
  const { client, looks, log } = deps;
  const { channel, ts, threadTs } = sent;
  const stretch = { channel, oldest: ts, latest: ts };
  waitFor(looks.waitMs(ALL, `${owed.id}`), 'Slack allows about fifty looks a minute');
  try {
    const { messages } =
      threadTs === undefined
        ? await client.history(stretch)
        : await client.replies({ ...stretch, ts: threadTs });
    return messages.some((message) => message.ts === ts);
  } catch (error) {
    if (isMessageGone(error)) return false;
    if (isFailure(error, 'limited')) looks.hold(ALL, error.retryAfterMs);
    if (!isFailure(error, 'clear', 'channel_gone')) throw asWait(error);
    log.warn({ err: error, channel }, 'What was posted cannot be read back');
    return true;
  }
}
