/** One installation that is killed again and again, with its database, and its Slack in this process. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { Envelope } from '#sandbox/slack/delivery/envelope.ts';
import { commandPayload } from '#sandbox/slack/delivery/payloads.ts';
import { readManifest } from '#sandbox/slack/manifest.ts';
import { issueResponseUrl } from '#sandbox/slack/response-urls.ts';
import { NEWCOMER_SEED } from '#sandbox/slack/seed.ts';
import { type StandIn, startStandIn } from '#sandbox/slack/start-stand-in.ts';
import { createWorkspace } from '#sandbox/slack/workspace.ts';
import { SECRETS } from '#test/bench/secrets.ts';
import { freePort } from '#test/bench/started-bot.ts';
import { type NodeProcess, startNode } from '#test/support/node-process.ts';
import { until } from '#test/support/until.ts';
import { owedIn, problemsInSlack, problemsOnFile } from '#test/torture/crash/aftermath.ts';
import type { Point } from '#test/torture/crash/points.ts';

const HOOKS = fileURLToPath(new URL('hooks.ts', import.meta.url));

/** One step without an approval, so that a start moves traffic at once. */
const SETTINGS = {
  channel: 'agent-ops',
  poll: '* * * * *',
  people: { operators: ['U0ANA'], approvers: ['U0BO'] },
  services: {
    'support-agent': {
      stable: '2.3.3',
      steps: [10, 100],
      dwell: '1h',
      approval: false,
      rollback: { lock_candidate: false, stability_window: '1s' },
    },
  },
};

export type Lane = Awaited<ReturnType<typeof openLane>>;
export type Death = { readonly at: Point; readonly pass: number } | { readonly afterMs: number };

export async function openLane() {
  const folder = mkdtempSync(join(tmpdir(), 'signalman-crash-'));
  const files = { settings: join(folder, 'signalman.yml'), database: join(folder, 'signalman.db') };
  writeFileSync(files.settings, stringify(SETTINGS));
  const port = await freePort();
  const slack = await startStandIn({
    port: 0,
    workspace: createWorkspace(NEWCOMER_SEED, { clock: Date.now, dice: Math.random }),
    manifest: readManifest(readFileSync('manifest.yml', 'utf8')),
    botUrl: `http://127.0.0.1:${port}/slack/events`,
    ...SECRETS,
  });
  const env = {
    SLACK_BOT_TOKEN: SECRETS.botToken,
    SLACK_SIGNING_SECRET: SECRETS.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    PORT: String(port),
    AGENT_PORT: '0',
    DATABASE_PATH: files.database,
    CONFIG_PATH: files.settings,
  };
  let running: NodeProcess | undefined;
  const start = async (death?: Death) => {
    const dying = death && 'at' in death;
    running = startNode({
      script: 'src/main.ts',
      cwd: folder,
      env: {
        ...env,
        ...(dying && {
          NODE_OPTIONS: `--import=${HOOKS}`,
          CRASH_AT: death.at,
          CRASH_AT_PASS: String(death.pass),
        }),
      },
    });
    const ready = running.says(/Signalman is ready/);
    // It may die of its point before it is ready, which is the test; of itself it may not.
    if (death) await Promise.race([ready.catch(() => {}), running.ended]);
    else await ready;
    return running;
  };
  return {
    slack,
    /** Starts it, to die at a point or after a time, or to live. */
    start,
    /** What somebody types, to be delivered as often as a test wants: it is one request. */
    request: (command: string, text: string): Envelope => ({
      kind: 'command',
      about: `${command} ${text}`,
      by: 'U0ANA',
      payload: commandPayload(slack.workspace, {
        by: anaOf(slack),
        command,
        text,
        responseUrl: slack.origin() + issueResponseUrl(slack.workspace, WHERE),
        channel: { id: WHERE.channel, name: 'agent-ops' },
      }),
    }),
    /** Waits until nothing is owed any more. */
    quiet: async () => {
      await until(() => owedIn(files.database) === 0, {
        what: 'everything owed to be told',
        withinMs: 60_000,
      });
    },
    /** What must be true after any number of deaths; says what is not. */
    problems: () => [
      ...problemsOnFile(files.database),
      ...problemsInSlack(toldIn(slack), files.database),
    ],
    stop: async () => void (await running?.end('SIGKILL')),
    close: async () => {
      await running?.end('SIGKILL');
      await slack.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const WHERE = { channel: 'C0AGENTOPS', by: 'U0ANA', kind: 'commands' } as const;

function anaOf({ workspace }: StandIn) {
  const ana = workspace.people.get('U0ANA');
  if (!ana) throw new Error('Ana is in every workspace.');
  return ana;
}

/** The effects that the messages in Slack carry. */
const toldIn = ({ workspace }: StandIn): readonly string[] =>
  [...workspace.messages.values()]
    .flat()
    .flatMap(({ metadata }) => Object(Object(metadata).event_payload).effect ?? [])
    .map(String);
