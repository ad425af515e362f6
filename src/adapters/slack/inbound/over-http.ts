import { HTTPReceiver } from '@slack/bolt';
import { empty, send } from '#adapters/http/answer.ts';
import { type Listening, listen } from '#adapters/http/listen.ts';
import { boltLogger } from '#adapters/slack/inbound/bolt-logger.ts';
import type { SlackInboundDeps } from '#adapters/slack/inbound/deps.ts';
import { createFrontGuard, SLACK_PATH } from '#adapters/slack/inbound/front-guard.ts';
import type { WayIn } from '#adapters/slack/inbound/way-in.ts';

type HttpDeps = Pick<SlackInboundDeps, 'slack' | 'clock' | 'monotonicMs' | 'log'>;

/** Slack sends its deliveries to our port, through our own guard. */
export function overHttp({ slack, clock, monotonicMs, log }: HttpDeps): WayIn {
  const { host, port, signingSecret } = slack;
  // The guard has checked the signature, and more strictly: Bolt lets the future pass.
  const receiver = new HTTPReceiver({
    signingSecret: '',
    signatureVerification: false,
    endpoints: [SLACK_PATH],
    logger: boltLogger(log),
    // Bolt throws on shapes it does not expect; asking Slack to send them again would not help.
    processEventErrorHandler: async ({ error, response }) => {
      log.error({ err: error }, 'Bolt could not read a delivery');
      send(response, empty(400));
      return true;
    },
  });
  const handle = createFrontGuard({
    signingSecret,
    clock,
    monotonicMs,
    log,
    pass: (request, response) => receiver.requestListener(request, response),
  });
  let listening: Listening | undefined;
  return {
    receiver,
    start: async () => {
      listening = await listen({ host, port, handle });
      return { url: `http://${host}:${listening.port}${SLACK_PATH}` };
    },
    stop: async () => await listening?.close(),
  };
}
