/** One installation that is killed again and again, with its database, and its Slack in this process. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { stringify } from 'yaml';
import type { Envelope } from '#sandbox/slack/delivery/envelope.ts';
import { commandPayload } from '#sandbox/slack/delivery/payloads.ts';
import { readManifest } from '#sandbox/slack/manifest.ts';
import { issueResponseUrl } from '#sandbox/slack/response-urls.ts';
import { NEWCOMER_SEED } from '#sandbox/slack/seed.ts';
import { type StandIn, startStandIn } from '#sandbox/slack/start-stand-in.ts';
import { createWorkspace } from '#sandbox/slack/workspace.ts';
import { checkChain } from '#store/check-register.ts';
import { openForReading } from '#store/sqlite/database.ts';
import { readRegister } from '#store/sqlite/register.ts';
import { SECRETS } from '#test/bench/secrets.ts';
import { freePort } from '#test/bench/started-bot.ts';
import { type NodeProcess, startNode } from '#test/support/node-process.ts';
import { until } from '#test/support/until.ts';
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
      const look = () => ask(files.database, OWED_NOW);
      await until(() => look() === 0, { what: 'everything owed to be told', withinMs: 60_000 });
    },
    /** What must be true after any number of deaths; says what is not. */
    problems: () => [...problemsOnFile(files.database), ...problemsInSlack(slack, files.database)],
    stop: async () => void (await running?.end('SIGKILL')),
    close: async () => {
      await running?.end('SIGKILL');
      await slack.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What waits for minutes by design is left out: a second look, and whether somebody saw an alert. */
const OWED_NOW = `select count(*) from outbox where done_at is null
  and lane not like 'read_back:%' and ifnull(json_extract(effect, '$.sync'), '') != 'escalation'`;
const WHERE = { channel: 'C0AGENTOPS', by: 'U0ANA', kind: 'commands' } as const;

function anaOf({ workspace }: StandIn) {
  const ana = workspace.people.get('U0ANA');
  if (!ana) throw new Error('Ana is in every workspace.');
  return ana;
}

/** Read by a connection of its own each time, so that no lock of the bot is in anybody's way. */
function ask(path: string, question: string): unknown {
  const db = new Sqlite(path, { readonly: true, timeout: 5_000 });
  try {
    return db.prepare(question).pluck().get();
  } finally {
    db.close();
  }
}

function problemsOnFile(path: string): readonly string[] {
  const db = openForReading(path);
  const chain = checkChain(readRegister(db));
  db.$client.close();
  const sound = ask(path, 'pragma integrity_check');
  return [
    ...(chain.intact ? [] : [`the register is broken: ${chain.problem}`]),
    ...(sound === 'ok' ? [] : [`the database is broken: ${sound}`]),
  ];
}

/** Every effect that is told stands in Slack once: none is missing, none is there twice. */
function problemsInSlack({ workspace }: StandIn, path: string): readonly string[] {
  const told = [...workspace.messages.values()]
    .flat()
    .flatMap(({ metadata }) => Object(Object(metadata).event_payload).effect ?? [])
    .map(String);
  const twice = told.filter((effect, index) => told.indexOf(effect) !== index);
  const db = new Sqlite(path, { readonly: true });
  const owed = db
    .prepare("select id from outbox where json_extract(effect, '$.tell') in ('thread', 'channel')")
    .pluck()
    .all()
    .map(String);
  db.close();
  const missing = owed.filter((effect) => !told.includes(effect));
  return [
    ...twice.map((effect) => `effect ${effect} was told twice`),
    ...missing.map((effect) => `effect ${effect} was never told`),
  ];
}
