/** What is delivered to the app, whichever way it travels, and what came of it. */
import type { Delivery } from '#sandbox/protocol.ts';

export type Envelope = {
  readonly kind: Delivery['kind'];
  /** A command's flat fields, an interaction's payload, or an event's body. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly about: string;
  readonly by?: string | undefined;
  readonly retry?: { readonly number: number; readonly reason: RetryReason };
};

export type RetryReason =
  | 'http_timeout'
  | 'too_many_redirects'
  | 'connection_failed'
  | 'ssl_error'
  | 'http_error'
  | 'unknown_error';

export type Ack =
  /** `body` is undefined when the acknowledgement was empty. */
  | {
      readonly came: 'in_time';
      readonly ackMs: number;
      readonly status?: number;
      readonly body: unknown;
    }
  | { readonly came: 'not_reachable'; readonly failure: string }
  | { readonly came: 'too_late' }
  | {
      readonly came: 'with_error';
      readonly ackMs: number;
      readonly status: number;
      readonly body: unknown;
      readonly noRetry: boolean;
    };

export type Transport = {
  readonly via: Delivery['via'];
  readonly send: (envelope: Envelope) => Promise<Ack>;
};

export const ACK_LIMIT_MS = 3_000;
