/**
 * A kill within two seconds, whatever state everything around it is in, by every way there is. It is
 * measured from the request until an agent that asks is told to stop.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { killCommand } from '#adapters/cli/kill-command.ts';
import { createLog } from '#adapters/log.ts';
import { createScrubber } from '#adapters/scrubber.ts';
import { createSettingsHolder } from '#adapters/settings/settings-holder.ts';
import { compose } from '#compose.ts';
import { readConfig } from '#config.ts';
import { run as runAll } from '#run.ts';
import { runInSafeMode } from '#safe-mode.ts';
import { readManifest } from '#sandbox/slack/manifest.ts';
import { NEWCOMER_SEED } from '#sandbox/slack/seed.ts';
import { startStandIn } from '#sandbox/slack/start-stand-in.ts';
import { createWorkspace } from '#sandbox/slack/workspace.ts';
import { journalPath, openJournal } from '#store/journal.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { ownDatabase } from '#store/sqlite/owner.ts';
import { crowded } from '#test/bench/crowd.ts';
import { freePort } from '#test/bench/started-bot.ts';
import { killWhileBlocked, type Timed } from '#test/torture/kill-while-blocked.ts';
import { type Row, scaled, type Trial } from '#test/torture/row.ts';

const KILL_MS_MAX = 2_000;
const RUNS = 100;
/** Enough people that none comes to the limit of stops, which is thirty in a row. */
const THROWERS = Array.from({ length: 40 }, (_, at) => `U0THROWER${at}`);
const SECRETS = { signingSecret: 'stand-in-signing-secret', botToken: 'xoxb-stand-in' };
const SETTINGS = `
channel: agent-ops
poll: "* * * * * *"
people: { operators: [U0ANA], approvers: [U0BO] }
services:
  support-agent:
    stable: 2.3.3
    steps: [10, 100]
    approval: false
    metrics: { source: prometheus, url: "http://127.0.0.1:9", queries: { requests: 'r{version="$version"}', errors: 'e{version="$version"}' } }
    guards: { error_rate: { max: 0.05 } }
`;

type Way = 'slack' | 'cli' | 'http';
const WAYS: readonly Way[] = ['slack', 'cli', 'http'];
type House = Awaited<ReturnType<typeof openHouse>>;

/** What makes a state, and how to leave it again; and the ways that are tried in it. */
type State = {
  readonly enter: (house: House) => Promise<() => unknown>;
  readonly ways?: readonly Way[];
  /** How many runs are made before it is left, where that is not as many as usual. */
  readonly stay?: number;
};
/** Not for ever: what cannot be committed meanwhile fills the journal. */
const STAY = 10;
const PENDING_MAX = 20;

const STATES: Readonly<Record<string, State>> = {
  'Slack down': {
    enter: async ({ slack }) => {
      slack.setFaults([{ method: '*', fault: 'status', status: 503 }]);
      return () => slack.setFaults([]);
    },
  },
  'disk full': {
    enter: async ({ db }) => {
      const pages = db.$client.pragma('page_count', { simple: true });
      db.$client.pragma(`max_page_count = ${pages}`);
      return () => db.$client.pragma('max_page_count = 1073741823');
    },
  },
  'database locked': {
    enter: async ({ databasePath }) => {
      const stray = new Sqlite(databasePath);
      stray.exec('BEGIN EXCLUSIVE');
      return () => stray.close();
    },
    stay: 1,
  },
  'database corrupt': {
    enter: async (house) => {
      await house.toSafeMode();
      return house.restart;
    },
  },
  'metrics down': {
    enter: async ({ slack }) => {
      await slack.person('U0ANA').types('/rollout start support-agent 2.4.0');
      return () => {};
    },
  },
  // Slack's request waits in front of the blocked thread, and is taken when the block ends.
  'loop blocked': { enter: async () => () => sleep(20), ways: ['http', 'cli'] },
  flood: {
    enter: async ({ url, slack }) => {
      let isOver = false;
      const flood = Array.from({ length: 20 }, async () => {
        while (!isOver) {
          await evaluate(url, 'support-agent.version').catch(() => {});
          await slack
            .person('U0SAM')
            .types('/rollout list')
            .catch(() => {});
        }
      });
      return async () => {
        isOver = true;
        await Promise.all(flood);
      };
    },
  },
  restarting: {
    enter: async (house) => {
      const restarted = house.restart();
      return () => restarted;
    },
    stay: 1,
  },
};

export async function run({ scale }: Trial): Promise<Row> {
  const house = await openHouse();
  const runs = scaled(RUNS, { scale });
  const late: string[] = [];
  let worstMs = 0;
  try {
    for (const [name, { enter, ways = WAYS, stay = STAY }] of Object.entries(STATES)) {
      for (let at = 0; at < runs; at += stay) {
        const leave = await enter(house);
        const times = Array.from({ length: Math.min(stay, runs - at) }, (_, nth) => at + nth);
        for (const way of ways) {
          const killed = times.map(
            (nth) => `${name.replaceAll(' ', '-').toLowerCase()}-${way}-${nth}`,
          );
          for (const { kill, ms } of await timesToEffect(house, name, way, killed)) {
            worstMs = Math.max(worstMs, ms);
            if (ms > KILL_MS_MAX) late.push(`${kill} ${Math.round(ms)} ms`);
          }
        }
        await leave();
        await house.settled();
      }
    }
  } finally {
    await house.close();
  }
  const load = `load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} processors`;
  const tried = `${Object.keys(STATES).length} states, ${runs} runs each by every way, ${load}`;
  const figure = `${tried}: slowest ${Math.round(worstMs)} ms${late.length > 0 ? `, late: ${late.slice(0, 5).join(', ')}` : ''}`;
  return { name: 'kill-states', figure, ok: late.length === 0 };
}

async function timesToEffect(
  house: House,
  state: string,
  way: Way,
  kills: readonly string[],
): Promise<readonly Timed[]> {
  if (state === 'loop blocked')
    return killWhileBlocked(house, way === 'cli' ? 'cli' : 'http', kills);
  const timed: Timed[] = [];
  for (const kill of kills) timed.push({ kill, ms: await timeToEffect(house, way, kill) });
  return timed;
}

async function timeToEffect(house: House, way: Way, name: string): Promise<number> {
  const startedMs = performance.now();
  for (;;) {
    const isThrown = await house.kill(way, name).catch(() => false);
    const isOn =
      isThrown && (await evaluate(house.url, `kill.${name}`).catch(() => false)) === true;
    const ms = performance.now() - startedMs;
    if (isOn || ms > 4 * KILL_MS_MAX) return ms;
    // Somebody who gets no answer tries again.
    await sleep(20);
  }
}

async function evaluate(url: string, key: string): Promise<unknown> {
  const response = await fetch(`${url}/ofrep/v1/evaluate/flags/${key}`, {
    method: 'POST',
    body: JSON.stringify({ context: { targetingKey: 'user-1' } }),
    signal: AbortSignal.timeout(KILL_MS_MAX),
  });
  return Object((await response.json()) as unknown).value;
}

/** All of Signalman in this process, with its database in reach, so that it can be hurt. */
async function openHouse() {
  const folder = mkdtempSync(join(tmpdir(), 'signalman-kill-'));
  const databasePath = join(folder, 'signalman.db');
  const configPath = join(folder, 'signalman.yml');
  writeFileSync(configPath, SETTINGS);
  const [port, agentPort] = [await freePort(), await freePort()];
  const slack = await startStandIn({
    port: 0,
    workspace: createWorkspace(crowded(NEWCOMER_SEED, THROWERS), {
      clock: Date.now,
      dice: Math.random,
    }),
    manifest: readManifest(readFileSync('manifest.yml', 'utf8')),
    botUrl: `http://127.0.0.1:${port}/slack/events`,
    ...{ ...SECRETS, appToken: 'xapp-stand-in' },
  });
  // The command line goes by who owns the database; a lock that nobody holds on to is collected.
  const ownership = ownDatabase(databasePath, 'kill-states');
  if (!ownership.owned) throw new Error('Somebody else has this database.');
  const config = must(readConfig({ DATABASE_PATH: databasePath, CONFIG_PATH: configPath }));
  const settings = must(createSettingsHolder(configPath)).current;
  const scrub = createScrubber([]);
  const log = createLog({ level: 'silent', scrub, write: () => {} });
  const onTrouble = (error: unknown) => console.error(error);
  const journal = openJournal({ path: journalPath(databasePath), part: 'bot', onTrouble });
  const given = {
    config: { ...config, port, agentPort },
    slack: { ...SECRETS, apiUrl: slack.apiUrl },
    ...{ journal, settings, scrub, log },
  };
  const begin = async () => {
    const db = openDatabase(databasePath);
    const signalman = compose({ ...given, db });
    const running = await runAll(signalman, { ...given, db });
    return {
      db,
      signalman,
      stop: async () => {
        await running.stop();
        db.$client.close();
      },
    };
  };
  let house = await begin();
  let stop = house.stop;
  const url = `http://127.0.0.1:${agentPort}`;
  let thrown = 0;
  return {
    ...{ slack, databasePath, configPath, url },
    get db() {
      return house.db;
    },
    /** What was not committed meanwhile is, before there is too much of it for the journal. */
    settled: async () => {
      for (let looks = 0; looks < 50 && journal.pending().length > PENDING_MAX; looks += 1)
        await sleep(100);
    },
    restart: async () => {
      await stop();
      house = await begin();
      stop = house.stop;
    },
    toSafeMode: async () => {
      const snapshot = house.signalman.snapshots.current();
      await stop();
      const why = 'database disk image is malformed';
      stop = (await runInSafeMode({ ...given, snapshot, why })).stop;
    },
    kill: async (way: Way, name: string): Promise<boolean> => {
      const reason = 'it was told to';
      if (way === 'slack') {
        const thrower = slack.person(THROWERS[thrown++ % THROWERS.length] ?? 'U0ANA');
        const { text } = await thrower.types(`/killswitch on ${name} ${reason}`);
        return text.includes('is on');
      }
      if (way === 'http') {
        const body = JSON.stringify({ active: true, reason });
        return (await fetch(`${url}/v1/killswitches/${name}`, { method: 'POST', body })).ok;
      }
      const words = ['on', name, reason];
      const quiet = { login: 'ana', say: () => {}, complain: () => {} };
      const terminal = { config: { ok: true, value: config } as const, databasePath, configPath };
      return (await killCommand.run({ ...terminal, words, ...quiet })) === 0;
    },
    close: async () => {
      await stop();
      await slack.close();
      ownership.release();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function must<Value, No>(result: { ok: true; value: Value } | { ok: false; refusal: No }): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
}
