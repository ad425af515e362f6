import { SocketModeReceiver } from '@slack/bolt';
import { boltLogger } from '#adapters/slack/inbound/bolt-logger.ts';
import type { SlackInboundDeps } from '#adapters/slack/inbound/deps.ts';
import { clientOptions } from '#adapters/slack/inbound/slack-calls.ts';
import type { WayIn } from '#adapters/slack/inbound/way-in.ts';
import { within } from '#adapters/slack/inbound/within.ts';

const FIRST_TRY_MS_MAX = 3_000;
const WAIT_MS_MIN = 250;
const WAIT_MS_MAX = 30_000;

/**
 * We call Slack, and Slack delivers over that connection. Connecting again is done here: the
 * library's own way ends the process when Slack is down at that moment, because nothing catches it.
 */
export function overSocket(
  { slack, log }: Pick<SlackInboundDeps, 'slack' | 'log'>,
  appToken: string,
): WayIn {
  const receiver = new SocketModeReceiver({
    appToken,
    autoReconnectEnabled: false,
    logger: boltLogger(log),
    installerOptions: { clientOptions: clientOptions(slack.apiUrl, log) },
  });
  let failures = 0;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  const connect = async () => {
    timer = undefined;
    try {
      await receiver.start();
      failures = 0;
    } catch (error) {
      failures += 1;
      log.warn({ err: error, failures }, 'Slack could not be connected to; trying again');
      connectLater();
    }
  };
  const connectLater = () => {
    if (isStopped || timer) return;
    const waitMs = Math.min(WAIT_MS_MAX, WAIT_MS_MIN * 2 ** failures);
    timer = setTimeout(connect, waitMs).unref();
  };
  receiver.client.on('disconnected', connectLater);
  return {
    receiver,
    start: async () => {
      // With Slack down, everything else must come up all the same.
      await within(FIRST_TRY_MS_MAX, connect());
      return {};
    },
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await receiver.stop();
    },
  };
}
