import { WebAPIRateLimitedError } from '@slack/web-api';
import { SECOND_MS } from '#domain/time.ts';

export type Read<Answer> = (id: string) => Promise<Answer>;

/**
 * Slack allows twenty reads of user groups a minute. Whoever asks while the same is being read gets
 * that answer; and once Slack has said that it is too much, nobody asks until it is over. The answer
 * is no older than the question was under way, so it still counts as read just now.
 */
export function createSharedReads<Answer>(
  read: Read<Answer>,
  monotonicMs: () => number,
): Read<Answer> {
  const underWay = new Map<string, Promise<Answer>>();
  let limited: { readonly error: WebAPIRateLimitedError; readonly untilMs: number } | undefined;

  const readOnce = async (id: string): Promise<Answer> => {
    if (limited && monotonicMs() < limited.untilMs) throw limited.error;
    try {
      return await read(id);
    } catch (error) {
      if (error instanceof WebAPIRateLimitedError)
        limited = { error, untilMs: monotonicMs() + error.retryAfter * SECOND_MS };
      throw error;
    }
  };
  return (id) => {
    const same = underWay.get(id);
    if (same) return same;
    const reading = readOnce(id).finally(() => underWay.delete(id));
    underWay.set(id, reading);
    return reading;
  };
}
