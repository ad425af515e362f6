/** Sorts what a call of Slack's client throws by what follows from it. */
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { type FailureKind, SlackFailure } from '#adapters/slack/outbound/slack-client.ts';
import { SECOND_MS } from '#domain/time.ts';

const KINDS: Readonly<Record<string, FailureKind>> = {
  ratelimited: 'limited',
  rate_limited: 'limited',
  message_limit_exceeded: 'limited',
  token_revoked: 'revoked',
  token_expired: 'revoked',
  account_inactive: 'revoked',
  invalid_auth: 'revoked',
  not_authed: 'revoked',
  is_archived: 'channel_gone',
  channel_not_found: 'channel_gone',
  not_in_channel: 'channel_gone',
  // Slack says of these that it may have done what was asked.
  internal_error: 'unclear',
  fatal_error: 'unclear',
  request_timeout: 'unclear',
  service_unavailable: 'unclear',
};
/** Nothing had been sent yet when these came. */
const NEVER_REACHED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];
const RETRY_AFTER_MS_UNSAID = 30 * SECOND_MS;

export function sortFailure(error: unknown): SlackFailure {
  if (error instanceof WebAPIRateLimitedError)
    return failure('limited', 'ratelimited', error, error.retryAfter * SECOND_MS);
  if (error instanceof WebAPIPlatformError) {
    const { error: code } = error.data;
    const kind = KINDS[code] ?? 'clear';
    return failure(kind, code, error, kind === 'limited' ? RETRY_AFTER_MS_UNSAID : 0);
  }
  if (error instanceof WebAPIHTTPError) {
    const code = `http_${error.statusCode}`;
    return failure(error.statusCode < 500 ? 'clear' : 'unclear', code, error);
  }
  if (error instanceof WebAPIRequestError) {
    const isNeverReached = codesOf(error).some((code) => NEVER_REACHED.includes(code));
    return failure(isNeverReached ? 'clear' : 'unclear', 'unreachable', error);
  }
  return failure('unclear', 'unexpected', error);
}

const failure = (kind: FailureKind, code: string, cause: unknown, retryAfterMs = 0) =>
  new SlackFailure({ kind, code, retryAfterMs }, { cause });

/** The code of the network's error stands somewhere down the chain of causes. */
function codesOf(error: unknown): readonly string[] {
  const codes: string[] = [];
  for (let link = error, depth = 0; link instanceof Error && depth < 6; depth += 1) {
    if ('code' in link) codes.push(String(link.code));
    link = 'original' in link ? link.original : link.cause;
  }
  return codes;
}
