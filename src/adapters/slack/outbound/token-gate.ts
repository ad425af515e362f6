/** Stops sending while Slack does not take our token; nothing that is owed is lost by waiting. */
import { isFailure, type SlackClient } from '#adapters/slack/outbound/slack-client.ts';
import { MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import type { Logger } from '#operations/logger.ts';
import { TryLater } from '#operations/reconcile.ts';

export type TokenGateDeps = {
  readonly client: Pick<SlackClient, 'probe'>;
  readonly monotonicMs: () => number;
  readonly log: Logger;
  /** Told when that changes, for whoever counts it. */
  readonly observeToken: (isTaken: boolean) => void;
};

const FIRST_WAIT_MS = 5 * SECOND_MS;
const WHY = 'Slack does not take the bot token';

export function createTokenGate({ client, monotonicMs, log, observeToken }: TokenGateDeps) {
  let shut: { readonly waitMs: number; readonly untilMs: number } | undefined;
  let probing: Promise<void> | undefined;

  const shutFor = (waitMs: number) => {
    shut = { waitMs, untilMs: monotonicMs() + waitMs };
  };
  const probe = async (waitedMs: number) => {
    try {
      await client.probe();
    } catch {
      return shutFor(Math.min(MINUTE_MS, 2 * waitedMs));
    }
    shut = undefined;
    observeToken(true);
    log.info({}, 'Slack takes the bot token again; what is owed is sent');
  };

  return {
    /** Lets through, or says when to come again. Whoever comes when it is time asks for all. */
    pass: async (): Promise<void> => {
      if (!shut) return;
      if (monotonicMs() >= shut.untilMs) {
        probing ??= probe(shut.waitMs).finally(() => {
          probing = undefined;
        });
        await probing;
      }
      if (shut) throw new TryLater(WHY, Math.max(0, shut.untilMs - monotonicMs()));
    },
    /** A wait instead of the failure, when it is the token that Slack did not take. */
    asWait: (error: unknown): unknown => {
      if (!isFailure(error, 'revoked')) return error;
      if (!shut) {
        shutFor(FIRST_WAIT_MS);
        observeToken(false);
        log.error(
          { code: error.code },
          'Slack does not take the bot token; nothing is sent until it does',
        );
      }
      return new TryLater(WHY, FIRST_WAIT_MS, { cause: error });
    },
  };
}
