/** Bolt with our listeners, behind our own guard over HTTP, or over Socket Mode. */
import { App, HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { type Listening, listen } from '#adapters/http/listen.ts';
import { boltLogger } from '#adapters/slack/inbound/bolt-logger.ts';
import type { SlackInboundDeps } from '#adapters/slack/inbound/deps.ts';
import { createDirectory } from '#adapters/slack/inbound/directory.ts';
import { createFrontGuard, SLACK_PATH } from '#adapters/slack/inbound/front-guard.ts';
import { onClick } from '#adapters/slack/inbound/on-click.ts';
import { onCommand } from '#adapters/slack/inbound/on-command.ts';
import { onSubmission } from '#adapters/slack/inbound/on-submission.ts';
import { createOurWorkspace } from '#adapters/slack/inbound/our-workspace.ts';
import { createPeopleLimits } from '#adapters/slack/inbound/people-limits.ts';
import { createRespond } from '#adapters/slack/inbound/respond.ts';
import {
  clientOptions,
  createSlackCalls,
  createWebClient,
} from '#adapters/slack/inbound/slack-calls.ts';
import { measuredAck, type Wire } from '#adapters/slack/inbound/wire.ts';

export type SlackApp = {
  readonly client: WebClient;
  /** The address that Slack's requests go to; none in Socket Mode, where we call Slack. */
  readonly start: () => Promise<{ readonly url?: string }>;
  readonly stop: () => Promise<void>;
};

export function createSlackApp(deps: SlackInboundDeps): SlackApp {
  const client = createWebClient(deps.slack, deps.log);
  const wire = createWire(deps, client);
  const way =
    deps.slack.appToken === undefined ? overHttp(deps) : overSocket(deps, deps.slack.appToken);
  const { apiUrl, botToken } = deps.slack;
  const app = new App({
    receiver: way.receiver,
    // Bolt's own look-up of the token would keep a failure at the start for good.
    authorize: async () => ({ botToken }),
    clientOptions: clientOptions(apiUrl, deps.log),
    logger: boltLogger(deps.log),
    convoStore: false,
    ignoreSelf: false,
  });
  register(app, wire);
  return {
    client,
    start: async () => {
      // Not waited for: with Slack down, kills by command line and HTTP must still come up.
      void wire.ours.start();
      return await way.start();
    },
    stop: async () => {
      wire.ours.stop();
      await way.stop();
    },
  };
}

function createWire(deps: SlackInboundDeps, client: WebClient): Wire {
  const { slack, dice, observe, ...rest } = deps;
  const { monotonicMs, log, settings } = deps;
  const calls = createSlackCalls(client, { observe, monotonicMs });
  const ours = createOurWorkspace({ whoAmI: calls.whoAmI, log });
  const directory = createDirectory({ client: calls, settings, ourTeam: ours.team, monotonicMs });
  const limits = createPeopleLimits(monotonicMs);
  const respond = createRespond(slack.apiUrl);
  return { answers: { ...rest, directory, limits }, calls, respond, ours, observe, dice };
}

/** One listener a mechanism, so that nothing is left without an answer and none runs twice. */
function register(app: App, wire: Wire): void {
  app.command(/.*/, ({ body, ack }) => onCommand(wire, { body, ack }));
  app.action(/.*/, ({ body, ack }) => onClick(wire, { body, ack: () => ack() }));
  app.view(/.*/, ({ body, ack }) => onSubmission(wire, { body, ack: (answer) => ack(answer) }));
  app.view({ callback_id: /.*/, type: 'view_closed' }, ({ ack }) =>
    measuredAck(wire, 'other', () => ack())(),
  );
  app.shortcut(/.*/, ({ ack }) => measuredAck(wire, 'other', () => ack())());
  app.options(/.*/, ({ ack }) => measuredAck(wire, 'other', () => ack({ options: [] }))());
  app.error(async (error) => {
    wire.answers.log.error({ err: error }, 'A listener of Slack failed');
  });
}

function overHttp(deps: SlackInboundDeps) {
  const { slack, clock, monotonicMs, log } = deps;
  const { host, port, signingSecret } = slack;
  // The guard has checked the signature, and more strictly: Bolt lets the future pass.
  const receiver = new HTTPReceiver({
    signingSecret: '',
    signatureVerification: false,
    endpoints: [SLACK_PATH],
    logger: boltLogger(log),
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

function overSocket({ slack, log }: SlackInboundDeps, appToken: string) {
  const receiver = new SocketModeReceiver({
    appToken,
    logger: boltLogger(log),
    installerOptions: { clientOptions: clientOptions(slack.apiUrl, log) },
  });
  return {
    receiver,
    start: async () => {
      await receiver.start();
      return {};
    },
    stop: () => receiver.stop(),
  };
}
