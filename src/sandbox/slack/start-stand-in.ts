/** Starts the local Slack: its Web API, its deliveries to the app, and the page, on one port. */
import type { AddressInfo } from 'node:net';

import type { Fault } from '#sandbox/protocol.ts';
import { asText } from '#sandbox/slack/as-text.ts';
import { type After, deliver } from '#sandbox/slack/delivery/deliver.ts';
import type { Ack, Envelope, Transport } from '#sandbox/slack/delivery/envelope.ts';
import { createHttpTransport } from '#sandbox/slack/delivery/http-transport.ts';
import { urlVerificationPayload } from '#sandbox/slack/delivery/payloads.ts';
import {
  createSocketTransport,
  type SocketTransport,
} from '#sandbox/slack/delivery/socket-transport.ts';
import { apiRoutes } from '#sandbox/slack/http/api-routes.ts';
import type { Route } from '#sandbox/slack/http/exchange.ts';
import { PAGE_FILES } from '#sandbox/slack/http/page-files.ts';
import { pageRoutes } from '#sandbox/slack/http/page-routes.ts';
import { createStandInServer } from '#sandbox/slack/http/server.ts';
import { keepWorkspace, restoreWorkspace } from '#sandbox/slack/kept-workspace.ts';
import type { Manifest } from '#sandbox/slack/manifest.ts';
import type { Slack } from '#sandbox/slack/slack.ts';
import { channel } from '#sandbox/slack/stories/channel.ts';
import { type Person, person } from '#sandbox/slack/stories/person.ts';
import { issueTokens } from '#sandbox/slack/tokens.ts';
import { createTraffic } from '#sandbox/slack/traffic.ts';
import { createFaults, setFaults } from '#sandbox/slack/web-api/faults.ts';
import {
  createRateLimits,
  type RateLimitMode,
  type RateLimits,
} from '#sandbox/slack/web-api/rate-limits.ts';
import type { Workspace } from '#sandbox/slack/workspace.ts';

export type StandInOptions = {
  /** 0 takes any free port. */
  readonly port: number;
  readonly workspace: Workspace;
  readonly manifest: Manifest;
  /** The app's request URL, which may become known later; without one, Socket Mode. */
  readonly botUrl?: string | (() => string);
  readonly signingSecret: string;
  readonly botToken: string;
  readonly appToken?: string;
  readonly rateLimits?: RateLimitMode;
  /** More endpoints, such as the demo service's; they come before the page's own. */
  readonly routes?: readonly Route[];
  /** A file to keep channels and messages in, and to begin with when it is there. */
  readonly keepIn?: string;
  /** Runs event retries and delays; tests hand in one they can wind forward. */
  readonly after?: After;
};

export type StandIn = Slack & {
  readonly url: string;
  readonly apiUrl: string;
  readonly rateLimits: RateLimits;
  readonly socket: SocketTransport;
  readonly setFaults: (faults: readonly Fault[]) => void;
  readonly person: (id: string) => Person;
  readonly channel: (name: string) => ReturnType<typeof channel>;
  readonly asText: typeof asText;
  /** The same bytes once more, as after a retry or by an attacker; the signature is made anew. */
  readonly repeatLastDelivery: () => Promise<Ack>;
  /** Asks the request URL for its challenge, as Slack does when somebody enters it. */
  readonly verifyRequestUrl: () => Promise<boolean>;
  readonly close: () => Promise<void>;
};

export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  const { workspace, manifest, after = afterRealTime, rateLimits: mode = 'generous' } = options;
  const { clock, dice } = workspace;
  let host = '';
  const socket = createSocketTransport({ dice, appId: workspace.app.id, host: () => host });
  const transport = transportOf(options, socket);
  const traffic = createTraffic();
  const faults = createFaults();
  const rateLimits = createRateLimits(mode, clock);
  let last: Envelope | undefined;
  const slack: Slack = {
    workspace,
    manifest,
    traffic,
    origin: () => `http://${host}`,
    deliver: (envelope) => {
      last = envelope;
      return deliver({ transport, traffic, clock, after }, envelope);
    },
  };
  const server = createStandInServer([
    ...(options.routes ?? []),
    ...apiRoutes({
      workspace,
      manifest,
      traffic,
      faults,
      rateLimits,
      tokens: issueTokens(manifest, options),
      connectionUrl: socket.connectionUrl,
      wait: (ms) => new Promise((resolve) => after(ms, resolve)),
    }),
    ...pageRoutes(slack, faults),
    ...PAGE_FILES,
  ]);
  server.on('upgrade', socket.upgrade);
  const stopKeeping = options.keepIn ? keep(workspace, { path: options.keepIn, after }) : () => {};
  host = await listenOnLoopback(server, options.port);
  return {
    ...slack,
    url: `http://${host}`,
    apiUrl: `http://${host}/api/`,
    rateLimits,
    socket,
    person: (id) => person({ slack, id }),
    channel: (name) => channel({ slack, name }),
    asText,
    repeatLastDelivery: async () => {
      if (!last) throw new Error('Nothing was delivered yet.');
      return slack.deliver(last);
    },
    setFaults: (wanted) => setFaults(faults, wanted),
    verifyRequestUrl: () => verifyRequestUrl(slack),
    close: async () => {
      stopKeeping();
      socket.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function keep(workspace: Workspace, file: { readonly path: string; readonly after: After }) {
  restoreWorkspace(workspace, file);
  return keepWorkspace(workspace, file);
}

/** The address is asked for at each delivery, since a test's app starts after its Slack. */
function transportOf(options: StandInOptions, socket: SocketTransport): Transport {
  const { botUrl, signingSecret, workspace } = options;
  if (botUrl === undefined) return socket;
  const { clock } = workspace;
  const send = (envelope: Envelope) => {
    const address = typeof botUrl === 'string' ? botUrl : botUrl();
    return createHttpTransport({ botUrl: address, signingSecret, clock }).send(envelope);
  };
  return { via: 'http', send };
}

/** The challenge comes back as plain words, as a form or as JSON. */
async function verifyRequestUrl({ workspace, deliver }: Slack): Promise<boolean> {
  const payload = urlVerificationPayload(workspace);
  const about = 'url_verification';
  const ack = await deliver({ kind: 'url_verification', about, payload });
  const answer = ack.came === 'in_time' ? ack.body : undefined;
  const challenge = Object(answer).challenge ?? answer;
  return challenge === payload['challenge'] || challenge === `challenge=${payload['challenge']}`;
}

const afterRealTime: After = (ms, run) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

function listenOnLoopback(server: ReturnType<typeof createStandInServer>, port: number) {
  return new Promise<string>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}
