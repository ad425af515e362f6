/** The bot as operators start it: a process of its own, beside a stand-in for Slack in another. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { SECRETS } from '#test/bench/secrets.ts';
import type { Drive, Driven } from '#test/bench/slack-process.ts';

/** As `npm start` does it, but without npm, which takes its own time. */
const packageFile = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, object>;
const ARGUMENTS = String(Object(packageFile['scripts']).start).split(' ').slice(1);
/** Without the file: for whatever else should run as the bot does. */
export const START_FLAGS: readonly string[] = ARGUMENTS.slice(0, -1);
const READY_MS_MAX = 30_000;

export type SlackProcess = {
  readonly apiUrl: string;
  readonly drive: (what: Drive) => Promise<Driven>;
  readonly stop: () => void;
};

/** What happens in there cannot slow the bot down, nor the other way round. */
export async function startSlack(botPort: number): Promise<SlackProcess> {
  const child = fork('test/bench/slack-process.ts', [String(botPort)], { stdio: 'inherit' });
  const [{ apiUrl }] = (await once(child, 'message')) as [{ apiUrl: string }];
  return {
    apiUrl,
    drive: async (what) => {
      child.send(what);
      const [driven] = (await once(child, 'message')) as [Driven];
      return driven;
    },
    stop: () => void child.kill(),
  };
}

export type StartedBot = {
  readonly pid: number;
  readonly agentPort: number;
  /** From the start of the process until it says that it is ready. */
  readonly readyMs: number;
  /** What of that was its own work; only Linux says. */
  readonly readyCpuMs: number;
  readonly stop: () => Promise<void>;
};

export type StartOptions = {
  readonly port: number;
  readonly apiUrl: string;
  readonly folder: string;
  readonly configPath: string;
  readonly env?: Readonly<Record<string, string>>;
};

export async function startBot(options: StartOptions): Promise<StartedBot> {
  const agentPort = await freePort();
  const startedMs = performance.now();
  const bot = spawn(process.execPath, ARGUMENTS, {
    env: environment(options, agentPort),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const end = () => void bot.kill('SIGKILL');
  process.once('exit', end);
  bot.once('exit', () => process.off('exit', end));
  const { pid } = bot;
  if (pid === undefined) throw new Error('The bot could not be started.');
  while (!(await isReady(agentPort))) {
    const overMs = performance.now() - startedMs;
    if (bot.exitCode !== null || overMs > READY_MS_MAX) throw new Error('The bot did not start.');
    await sleep(5);
  }
  const readyMs = performance.now() - startedMs;
  return { pid, agentPort, readyMs, readyCpuMs: cpuMsOf(pid), stop: () => stop(bot) };
}

/** All threads of a process in hundredths of a second, as fields 14 and 15 count them. */
export function cpuMsOf(pid: number): number {
  if (!existsSync('/proc/self/stat')) return Number.NaN;
  const [, afterName = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = afterName.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const environment = (
  { port, apiUrl, folder, configPath, env }: StartOptions,
  agentPort: number,
) => ({
  PATH: process.env['PATH'],
  SLACK_BOT_TOKEN: SECRETS.botToken,
  SLACK_SIGNING_SECRET: SECRETS.signingSecret,
  SLACK_API_URL: apiUrl,
  PORT: String(port),
  AGENT_PORT: String(agentPort),
  DATABASE_PATH: join(folder, 'signalman.db'),
  CONFIG_PATH: configPath,
  ...env,
});

async function stop(bot: ChildProcess): Promise<void> {
  const gone = once(bot, 'exit');
  bot.kill('SIGTERM');
  await gone;
}

const isReady = (port: number) =>
  new Promise<boolean>((resolve) => {
    get({ port, host: '127.0.0.1', path: '/healthz/ready', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on('error', () => resolve(false));
  });

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Everything a figure leaves on the disk goes away with it. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'signalman-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
