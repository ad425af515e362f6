/**
 * The whole of Signalman as it is run: the started process with its file and its database, a local
 * Slack beside it, and the port that agents use. Nothing is inside the test but Slack.
 */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, type TestContext } from 'vitest';
import { stringify } from 'yaml';
import { NEWCOMER_SEED } from '#sandbox/slack/seed.ts';
import { startStandIn } from '#sandbox/slack/start-stand-in.ts';
import { createWorkspace } from '#sandbox/slack/workspace.ts';
import { agentsDoor } from '#test/support/agents-door.ts';
import { type Environment, type NodeProcess, startNode } from '#test/support/node-process.ts';
import { manifestOfTheRepository, SECRETS } from '#test/support/stand-in.ts';

export type SignalBox = Awaited<ReturnType<typeof openSignalBox>>;

/** A section of signalman.yml. */
type Section = Readonly<Record<string, unknown>>;

export type Wanted = {
  readonly services?: Readonly<Record<string, Section>>;
  readonly settings?: Section;
  readonly env?: Environment;
  readonly overSocket?: boolean;
};

/** One line of `audit export`. */
export type RegisterLine = {
  readonly seq: number;
  readonly prev: string;
  readonly hash: string;
  readonly body: {
    readonly actor: { readonly kind: string; readonly id: string };
    readonly action: string;
    readonly target: Readonly<Record<string, string | number>>;
    readonly outcome: 'done' | 'refused' | 'failed';
    readonly reason: string;
    readonly [field: string]: unknown;
  };
};

/** Steps short enough to see a whole release while a test waits. */
export const aService = (about: Section = {}): Section => ({
  stable: '2.3.3',
  steps: [10, 50, 100],
  dwell: '1s',
  risk_budget: 0.05,
  guards: { error_rate: { max: 0.05 } },
  rollback: { stability_window: '1s' },
  watch: '1m',
  ...about,
});

const USUAL: Section = {
  channel: 'agent-ops',
  poll: '* * * * * *',
  people: { operators: ['S0OPS'], approvers: ['S0APPROVERS'] },
};

export function settingsFile({ services = {}, settings = {} }: Wanted): string {
  const all = Object.keys(services).length > 0 ? services : { 'support-agent': aService() };
  return stringify({ ...USUAL, ...settings, services: all });
}

/** Its Slack and its files are there; the process itself is started by `start`. */
export async function openSignalBox(wanted: Wanted = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'signalman-e2e-'));
  const files = { settings: join(folder, 'signalman.yml'), database: join(folder, 'signalman.db') };
  const [port, agentPort] = await freePorts(2);
  const slack = await startStandIn({
    port: 0,
    workspace: createWorkspace(NEWCOMER_SEED, { clock: Date.now, dice: Math.random }),
    manifest: manifestOfTheRepository(),
    ...(!wanted.overSocket && { botUrl: `http://127.0.0.1:${port}/slack/events` }),
    ...SECRETS,
  });
  const env: Environment = {
    SLACK_BOT_TOKEN: SECRETS.botToken,
    SLACK_SIGNING_SECRET: SECRETS.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    ...(wanted.overSocket && { SLACK_APP_TOKEN: SECRETS.appToken }),
    PORT: String(port),
    AGENT_PORT: String(agentPort),
    DATABASE_PATH: files.database,
    CONFIG_PATH: files.settings,
    USER: 'root-on-call',
    ...wanted.env,
  };
  const started: NodeProcess[] = [];
  const spawnOne = (more: Environment = {}) => {
    const one = startNode({ script: 'src/main.ts', env: { ...env, ...more }, cwd: folder });
    started.push(one);
    return one;
  };
  const rewrite = (text: string) => writeFileSync(files.settings, text);
  rewrite(settingsFile(wanted));
  const agentsUrl = `http://127.0.0.1:${agentPort}`;
  const signalman = (...words: readonly string[]) =>
    startNode({ script: 'src/cli.ts', words, env, cwd: folder }).ended;
  return {
    slack,
    files,
    ana: slack.person('U0ANA'),
    bo: slack.person('U0BO'),
    sam: slack.person('U0SAM'),
    chidi: slack.person('U0CHIDI'),
    gwen: slack.person('U0GUEST'),
    ops: slack.channel('agent-ops'),
    supportOps: slack.channel('support-ops'),
    agentsUrl,
    agents: agentsDoor(agentsUrl),
    /** Puts another text where signalman.yml is. */
    rewrite,
    /** Starts a process and waits for nothing. */
    spawn: spawnOne,
    start: async () => {
      const one = spawnOne();
      await one.says(/Signalman is ready/);
      return one;
    },
    /** Of the process that was started last. */
    pid: () => started.at(-1)?.pid,
    /** Ctrl-C for the process that was started last. */
    stop: async (signal: NodeJS.Signals = 'SIGINT') => {
      const last = started.at(-1);
      if (!last) throw new Error('No process was started yet.');
      return await last.end(signal);
    },
    /** `npm run signalman -- …` beside it, on the same file and database. */
    signalman,
    /** The register as people read it, oldest first. */
    register: async () => {
      const { out } = await signalman('audit', 'export');
      return out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as RegisterLine);
    },
    /** What to read when a story went wrong. */
    log: () => started.map((one) => `--- process ${one.pid}\n${one.output()}`).join('\n'),
    close: async () => {
      await Promise.all(started.map((one) => one.end('SIGKILL')));
      await slack.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const OPENING_MS_MAX = 60_000;

/** One for all stories of a file, with its process running; its log is told when a story fails. */
export function signalBoxForAll(wanted: Wanted = {}): () => SignalBox {
  let box: SignalBox | undefined;
  beforeAll(async () => {
    box = await openSignalBox(wanted);
    await box.start();
  }, OPENING_MS_MAX);
  beforeEach(({ onTestFailed }) => onTestFailed(() => console.log(box?.log())));
  afterAll(async () => await box?.close());
  return () => {
    if (!box) throw new Error('It is opened before the first story begins.');
    return box;
  };
}

/** One for a single story, gone with it; what was done with it is told when the story fails. */
export async function signalBoxFor(story: TestContext, wanted: Wanted = {}): Promise<SignalBox> {
  const box = await openSignalBox(wanted);
  story.onTestFailed(() => console.log(box.log()));
  story.onTestFinished(() => box.close());
  return box;
}

/** Below the ports that systems give to outgoing connections, which could take one meanwhile. */
const PORTS = { from: 15_000, to: 32_000 };

/** Held all at once, so that no two are the same. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, holdAnyPort));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

async function holdAnyPort(): Promise<Server> {
  for (;;) {
    const server = createServer();
    const listening = once(server, 'listening');
    server.listen(randomInt(PORTS.from, PORTS.to), '127.0.0.1');
    if (await listening.catch(() => false)) return server;
  }
}
