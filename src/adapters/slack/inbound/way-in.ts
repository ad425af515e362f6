import type { Receiver } from '@slack/bolt';

/** How Slack's deliveries come in. */
export type WayIn = {
  readonly receiver: Receiver;
  /** The address that deliveries go to, when there is one. */
  readonly start: () => Promise<{ readonly url?: string }>;
  readonly stop: () => Promise<void>;
};
