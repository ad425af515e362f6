/** Events are tried four times in all: at once, after one minute, after five. Nothing else is. */
import type { Ack, RetryReason } from '#sandbox/slack/delivery/envelope.ts';

const RETRY_WAITS_MS = [0, 60_000, 300_000];

type Retry = { readonly number: number; readonly reason: RetryReason; readonly waitMs: number };

export function retryAfter(ack: Ack, retriesSoFar: number): Retry | undefined {
  const waitMs = RETRY_WAITS_MS[retriesSoFar];
  const reason = reasonToRetry(ack);
  if (waitMs === undefined || !reason) return undefined;
  return { number: retriesSoFar + 1, reason, waitMs };
}

function reasonToRetry(ack: Ack): RetryReason | undefined {
  switch (ack.came) {
    case 'in_time':
      return undefined;
    case 'too_late':
      return 'http_timeout';
    case 'not_reachable':
      return 'connection_failed';
    case 'with_error':
      if (ack.noRetry) return undefined;
      return ack.status >= 300 && ack.status < 400 ? 'too_many_redirects' : 'http_error';
  }
}
