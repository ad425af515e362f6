/** A stand-in for Slack with its own workspace, and a small Bolt app that talks to it. */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { onTestFinished } from 'vitest';

import { type Manifest, readManifest } from '#sandbox/slack/manifest.ts';
import { NEWCOMER_SEED } from '#sandbox/slack/seed.ts';
import { type StandIn, type StandInOptions, startStandIn } from '#sandbox/slack/start-stand-in.ts';
import { createWorkspace } from '#sandbox/slack/workspace.ts';

export const SECRETS = {
  signingSecret: 'stand-in-signing-secret',
  botToken: 'xoxb-stand-in',
  appToken: 'xapp-stand-in',
};

export const manifestOfTheRepository = () =>
  readManifest(readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8'));

/** Everything the stand-in can do, for tests of the stand-in itself. */
const everyScope = (): Manifest => ({
  ...manifestOfTheRepository(),
  homeTab: true,
  events: ['app_home_opened'],
  shortcuts: [
    { callback_id: 'start_release', name: 'Start', description: 'Starts', type: 'global' },
    { callback_id: 'use_as_reason', name: 'Reason', description: 'Quotes', type: 'message' },
  ],
  scopes: [
    ...['commands', 'chat:write', 'users:read', 'users:read.email', 'usergroups:read'],
    ...['channels:history', 'groups:history', 'channels:read', 'groups:read', 'channels:join'],
    ...['im:write', 'reactions:write', 'pins:write'],
  ],
});

/** A clock that stands still until a test moves it; a day is a day in these tests. */
export function movableTime(startMs = Date.now()) {
  let nowMs = startMs;
  let due: { atMs: number; run: () => void }[] = [];
  return {
    clock: () => nowMs,
    after: (ms: number, run: () => void) => {
      const timer = { atMs: nowMs + ms, run };
      due.push(timer);
      return () => {
        due = due.filter((one) => one !== timer);
      };
    },
    pass: (ms: number) => {
      nowMs += ms;
      const ripe = due.filter(({ atMs }) => atMs <= nowMs);
      due = due.filter(({ atMs }) => atMs > nowMs);
      for (const { run } of ripe) run();
    },
    dueInMs: () => due.map(({ atMs }) => atMs - nowMs),
  };
}

type Wanted = Partial<StandInOptions> & {
  readonly clock?: () => number;
  readonly seed?: typeof NEWCOMER_SEED;
};

export async function standIn({ clock = Date.now, seed = NEWCOMER_SEED, ...wanted }: Wanted = {}) {
  const slack = await startStandIn({
    port: 0,
    workspace: createWorkspace(seed, { clock, dice: Math.random }),
    manifest: everyScope(),
    ...SECRETS,
    ...wanted,
  });
  onTestFinished(() => slack.close());
  return slack;
}

export const client = ({ apiUrl }: Pick<StandIn, 'apiUrl'>, token = SECRETS.botToken) =>
  new WebClient(token, {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
    logger: silent(),
  });

const silent = () => ({
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
});

type Bot = { readonly slack: StandIn; readonly app: App; readonly botUrl: string };

/** A real Bolt app behind its own HTTPReceiver: its verifier judges what the stand-in signs. */
export async function boltOverHttp(
  listen: (app: App) => void,
  wanted: Wanted & { readonly verifierSecret?: string } = {},
): Promise<Bot> {
  let botUrl = 'http://127.0.0.1:9/';
  const { verifierSecret = SECRETS.signingSecret, ...rest } = wanted;
  const slack = await standIn({ botUrl: () => botUrl, ...rest });
  const receiver = new HTTPReceiver({ signingSecret: verifierSecret, logger: silent() });
  const app = new App({ receiver, ...appOptions(slack) });
  listen(app);
  const server = await app.start({ port: 0, host: '127.0.0.1' });
  const { port } = server.address() as AddressInfo;
  botUrl = `http://127.0.0.1:${port}/slack/events`;
  onTestFinished(async () => void (await app.stop()));
  return { slack, app, botUrl };
}

export async function boltOverSocket(
  listen: (app: App) => void,
  wanted: Wanted = {},
): Promise<Omit<Bot, 'botUrl'>> {
  const slack = await standIn(wanted);
  const receiver = new SocketModeReceiver({
    appToken: SECRETS.appToken,
    logger: silent(),
    // How long it waits before it comes back, too.
    clientPingTimeout: 500,
    // The receiver takes the address of the Web API from here, though nothing is installed.
    installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
  });
  const app = new App({ receiver, ...appOptions(slack) });
  listen(app);
  await app.start();
  onTestFinished(async () => void (await app.stop()));
  return { slack, app };
}

const appOptions = (slack: StandIn) => ({
  token: SECRETS.botToken,
  botId: slack.workspace.app.botId,
  botUserId: slack.workspace.app.botUserId,
  logger: silent(),
  clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
});
