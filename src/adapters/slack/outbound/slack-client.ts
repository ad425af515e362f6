/** The few calls that go out to Slack, and how they can fail. */
import type { View } from '#adapters/slack/views/blocks.ts';
import type { Place } from '#store/port.ts';

export type Outgoing = View & {
  /** A channel's ID, or its name, which Slack takes when posting. */
  readonly channel: string;
  readonly threadTs?: string;
  /** A reply that the channel sees too. */
  readonly broadcast?: boolean;
  /** Which effect this carries out, kept in the message, so that it can be found again. */
  readonly effect: string;
};

export type PastMessage = { readonly ts: string; readonly effect?: string };
export type PastMessages = {
  readonly messages: readonly PastMessage[];
  /** There is more from here on. */
  readonly cursor?: string;
};
export type Stretch = {
  readonly channel: string;
  readonly oldest: string;
  readonly latest?: string;
  readonly cursor?: string;
};

export type SlackClient = {
  /** Answers where it was posted, with the channel's ID. */
  readonly post: (message: Outgoing) => Promise<Place>;
  /** Seen by one member of the channel only, and gone when they leave it. */
  readonly whisper: (whisper: {
    readonly channel: string;
    readonly to: string;
    readonly view: View;
  }) => Promise<void>;
  readonly edit: (place: Place, view: View) => Promise<void>;
  readonly remove: (place: Place) => Promise<void>;
  /** Does Slack take our token? */
  readonly probe: () => Promise<void>;
  readonly history: (stretch: Stretch) => Promise<PastMessages>;
  readonly replies: (stretch: Stretch & { readonly ts: string }) => Promise<PastMessages>;
};

/**
 * `clear`: Slack did not do it, and `code` says why. `unclear`: nobody can tell whether it did.
 * `limited`: too much at once. `revoked`: the token is no good. `channel_gone`: no way in there.
 */
export type FailureKind = 'clear' | 'unclear' | 'limited' | 'revoked' | 'channel_gone';

export class SlackFailure extends Error {
  readonly kind: FailureKind;
  readonly code: string;
  readonly retryAfterMs: number;
  constructor(
    { kind, code, retryAfterMs = 0 }: { kind: FailureKind; code: string; retryAfterMs?: number },
    options?: ErrorOptions,
  ) {
    super(`Slack: ${code} (${kind})`, options);
    this.name = 'SlackFailure';
    this.kind = kind;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

export const isFailure = (
  error: unknown,
  ...kinds: readonly FailureKind[]
): error is SlackFailure => error instanceof SlackFailure && kinds.includes(error.kind);

const MESSAGE_GONE = [
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'thread_not_found',
  'cannot_reply_to_message',
];

/** What was posted before is no longer there, or no longer ours to change. */
export const isMessageGone = (error: unknown) =>
  error instanceof SlackFailure && MESSAGE_GONE.includes(error.code);

const BLOCKS_REFUSED = ['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long'];

export const isBlocksRefused = (error: unknown) =>
  error instanceof SlackFailure && BLOCKS_REFUSED.includes(error.code);
