/** What posts and edits share: what they need, and how what goes wrong becomes a wait. */
import type { Doubts } from '#adapters/slack/outbound/doubts.ts';
import type { Pace } from '#adapters/slack/outbound/pace.ts';
import {
  isBlocksRefused,
  type SlackClient,
  SlackFailure,
} from '#adapters/slack/outbound/slack-client.ts';
import type { View } from '#adapters/slack/views/blocks.ts';
import { isChart } from '#adapters/slack/views/chart.ts';
import type { Effect } from '#domain/effect.ts';
import type { Clock } from '#operations/clock.ts';
import type { Logger } from '#operations/logger.ts';
import { TryLater } from '#operations/reconcile.ts';
import type { ChangeStore, MessageLog, Outbox } from '#store/port.ts';

export type DeliveryDeps = {
  readonly client: SlackClient;
  /** A client of its own, so that nothing else can be in the way of a kill's notice. */
  readonly urgentClient: SlackClient;
  readonly messages: MessageLog;
  readonly outbox: Pick<Outbox, 'readBack'>;
  readonly store: ChangeStore;
  readonly doubts: Doubts;
  readonly posts: Pace;
  /** Alerts have turns of their own, which count for the others as well. */
  readonly alertPosts: Pace;
  /** Edits of one message, and of all together. */
  readonly edits: Pace;
  readonly allEdits: Pace;
  readonly looks: Pace;
  readonly fallbackChannel: () => string | undefined;
  /** Whom to tell in person what nobody may miss, once no channel takes it. */
  readonly operatorsFor: (effect: Effect) => Promise<readonly string[]>;
  readonly clock: Clock;
  readonly log: Logger;
};

/** Less is better than nothing when Slack does not take the blocks: no chart, then words alone. */
export async function simplerIfRefused<Answer>(
  log: Logger,
  view: View,
  call: (view: View) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await call(view);
  } catch (error) {
    if (!isBlocksRefused(error) || view.blocks.length === 0) throw error;
    const withoutCharts = view.blocks.filter((block) => !isChart(block));
    const isCharted = withoutCharts.length < view.blocks.length;
    log.error({ err: error, text: view.text, isCharted }, 'Slack refused blocks; less goes out');
    const simpler = { text: view.text, blocks: isCharted ? withoutCharts : [] };
    return await simplerIfRefused(log, simpler, call);
  }
}

export function waitFor(waitMs: number, why: string): void {
  if (waitMs > 0) throw new TryLater(why, waitMs);
}

/** A gone channel and a token that is not taken are left as they are: callers know what to do. */
export function asWait(error: unknown): unknown {
  if (!(error instanceof SlackFailure)) return error;
  const { kind, message, retryAfterMs } = error;
  return kind === 'limited' ? new TryLater(message, retryAfterMs, { cause: error }) : error;
}
