/** What posts and edits share: what they need, and how what goes wrong becomes a wait. */
import type { Doubts } from '#adapters/slack/outbound/doubts.ts';
import type { Pace } from '#adapters/slack/outbound/pace.ts';
import {
  isBlocksRefused,
  type SlackClient,
  SlackFailure,
} from '#adapters/slack/outbound/slack-client.ts';
import type { View } from '#adapters/slack/views/blocks.ts';
import { MINUTE_MS } from '#domain/time.ts';
import type { Clock } from '#operations/clock.ts';
import type { Logger } from '#operations/logger.ts';
import { TryLater } from '#operations/reconcile.ts';
import type { MessageLog } from '#store/port.ts';

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

/** Words alone are better than nothing when Slack does not take the blocks. */
export async function withoutBlocksIfRefused<Answer>(
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

export function waitFor(waitMs: number, why: string): void {
  if (waitMs > 0) throw new TryLater(why, waitMs);
}

/** How long to leave Slack alone when somebody has to put things right first. */
const UNTIL_REPAIRED_MS = MINUTE_MS;

/** A gone channel is left as it is, since the caller may know another one. */
export function asWait(error: unknown): unknown {
  if (!(error instanceof SlackFailure)) return error;
  const { kind, message, retryAfterMs } = error;
  if (kind === 'limited') return new TryLater(message, retryAfterMs, { cause: error });
  if (kind === 'revoked') return new TryLater(message, UNTIL_REPAIRED_MS, { cause: error });
  return error;
}
