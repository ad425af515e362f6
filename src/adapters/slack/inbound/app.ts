/** Bolt with our listeners, behind our own guard over HTTP, or over Socket Mode. */
import { App } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { boltLogger } from '#adapters/slack/inbound/bolt-logger.ts';
import type { SlackInboundDeps } from '#adapters/slack/inbound/deps.ts';
import { createDirectory, type Directory } from '#adapters/slack/inbound/directory.ts';
import { createHomes } from '#adapters/slack/inbound/home/homes.ts';
import { HOME_OPENED, onHomeOpened } from '#adapters/slack/inbound/home/on-home-opened.ts';
import { createFormPlaces } from '#adapters/slack/inbound/modals/form-places.ts';
import { onClick } from '#adapters/slack/inbound/on-click.ts';
import { onCommand } from '#adapters/slack/inbound/on-command.ts';
import { onShortcut } from '#adapters/slack/inbound/on-shortcut.ts';
import { onSubmission } from '#adapters/slack/inbound/on-submission.ts';
import { createOurWorkspace } from '#adapters/slack/inbound/our-workspace.ts';
import { overHttp } from '#adapters/slack/inbound/over-http.ts';
import { overSocket } from '#adapters/slack/inbound/over-socket.ts';
import { createPeopleLimits } from '#adapters/slack/inbound/people-limits.ts';
import { createRespond } from '#adapters/slack/inbound/respond.ts';
import {
  clientOptions,
  createSlackCalls,
  createWebClient,
} from '#adapters/slack/inbound/slack-calls.ts';
import { measuredAck, type Wire } from '#adapters/slack/inbound/wire.ts';
import { within } from '#adapters/slack/inbound/within.ts';

const FIRST_ANSWER_MS_MAX = 2_000;

export type SlackApp = {
  readonly client: WebClient;
  readonly operatorsOf: Directory['operatorsOf'];
  /** The address that Slack's requests go to; none in Socket Mode, where we call Slack. */
  readonly start: () => Promise<{ readonly url?: string }>;
  readonly stop: () => Promise<void>;
};

export function createSlackApp(deps: SlackInboundDeps): SlackApp {
  const client = createWebClient(deps.slack, deps.log);
  const wire = createWire(deps, client);
  const { apiUrl, botToken, appToken } = deps.slack;
  const way = appToken === undefined ? overHttp(deps) : overSocket(deps, appToken);
  const app = new App({
    receiver: way.receiver,
    // Bolt's own look-up of the token would keep a failure at the start for good.
    authorize: async () => ({ botToken }),
    clientOptions: clientOptions(apiUrl, deps.log),
    logger: boltLogger(deps.log),
    convoStore: false,
    ignoreSelf: false,
  });
  register(app, wire, deps);
  return {
    client,
    operatorsOf: wire.answers.directory.operatorsOf,
    start: async () => {
      // Waited for a moment only: with Slack down, everything else must come up all the same.
      const known = within(FIRST_ANSWER_MS_MAX, wire.ours.start());
      const [address] = await Promise.all([way.start(), known]);
      return address;
    },
    stop: async () => {
      wire.ours.stop();
      await way.stop();
    },
  };
}

function createWire(deps: SlackInboundDeps, client: WebClient): Wire {
  const { slack, dice, scrub: _, inSpan: __, observe, ...rest } = deps;
  const { monotonicMs, log, settings } = deps;
  const calls = createSlackCalls(client, { observe, monotonicMs });
  const ours = createOurWorkspace({ whoAmI: calls.whoAmI, log });
  const directory = createDirectory({ client: calls, settings, ourTeam: ours.team, monotonicMs });
  const limits = createPeopleLimits(monotonicMs);
  const respond = createRespond(slack.apiUrl);
  const answers = { ...rest, directory, limits };
  const homes = createHomes({ ...answers, publish: calls.publishHome, after });
  deps.store.onCommit(homes.changed);
  return { answers, calls, respond, forms: createFormPlaces(), ours, homes, observe, dice };
}

/** Nothing that only refreshes keeps the process from ending. */
function after(ms: number, work: () => void | Promise<void>): void {
  setTimeout(() => void work(), ms).unref();
}

/**
 * One listener a mechanism, so that nothing is left without an answer and none runs twice. A secret
 * that somebody typed is gone before anything is read, so no answer or form repeats it.
 */
function register(app: App, wire: Wire, { scrub, inSpan }: SlackInboundDeps): void {
  app.command(/.*/, ({ body, ack }) =>
    inSpan('slack command', {}, () => onCommand(wire, { body: scrub(body), ack })),
  );
  app.action(/.*/, ({ body, ack }) =>
    inSpan('slack action', {}, () => onClick(wire, { body: scrub(body), ack: () => ack() })),
  );
  app.view(/.*/, ({ body, ack }) =>
    inSpan('slack view', {}, () =>
      onSubmission(wire, { body: scrub(body), ack: (answer) => ack(answer) }),
    ),
  );
  app.view({ callback_id: /.*/, type: 'view_closed' }, ({ ack }) =>
    measuredAck(wire, 'other', () => ack())(),
  );
  app.shortcut(/.*/, ({ body, ack }) =>
    inSpan('slack shortcut', {}, () => onShortcut(wire, { body: scrub(body), ack: () => ack() })),
  );
  app.event(HOME_OPENED, ({ body }) => onHomeOpened(wire, body));
  app.options(/.*/, ({ ack }) => measuredAck(wire, 'other', () => ack({ options: [] }))());
  app.error(async (error) => {
    wire.answers.log.error({ err: error }, 'A listener of Slack failed');
  });
}
