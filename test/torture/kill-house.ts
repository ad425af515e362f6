/** All of Signalman in the process that hurts it, and whoever throws a kill by each of three ways. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killCommand } from '#adapters/cli/kill-command.ts';
import { createLog } from '#adapters/log.ts';
import { createScrubber } from '#adapters/scrubber.ts';
import { createSettingsHolder } from '#adapters/settings/settings-holder.ts';
import { compose } from '#compose.ts';
import { readConfig } from '#config.ts';
import { settleKills } from '#operations/throw-kill-switch.ts';
import { run } from '#run.ts';
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
import { FORM, signedHeaders } from '#test/support/slack-fuzz.ts';

/** Enough people that none comes to the limit of stops, which is thirty in a row. */
const THROWERS = Array.from({ length: 40 }, (_, at) => `U0THROWER${at}`);
const LIST = {
  ...{ command: '/rollout', text: 'list', user_id: 'U0SAM', team_id: 'T0SIGNAL' },
  ...{ channel_id: 'C0AGENTOPS', api_app_id: 'A0SIGNALMAN' },
};
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

export type Way = 'slack' | 'cli' | 'http';
export type KillHouse = Awaited<ReturnType<typeof openKillHouse>>;

/** All of Signalman in this process, with its database in reach, so that it can be hurt. */
export async function openKillHouse() {
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
    const running = await run(signalman, { ...given, db });
    return {
      db,
      signalman,
      stop: async () => {
        await running.stop();
        db.$client.close();
      },
    };
  };
  // As Slack delivers it, but not through the stand-in: it keeps every answer, and thousands of them
  // would make it slow in the process that is measured.
  const asksForList = async () => {
    const fields = { ...LIST, trigger_id: `flood.${asked++}` };
    const body = new URLSearchParams(fields).toString();
    const headers = signedHeaders(FORM, body, SECRETS.signingSecret);
    const url = `http://127.0.0.1:${port}/slack/events`;
    await (await fetch(url, { method: 'POST', headers, body })).text();
  };
  let asked = 0;
  let house = await begin();
  let stop = house.stop;
  const url = `http://127.0.0.1:${agentPort}`;
  let thrown = 0;
  return {
    ...{ slack, databasePath, configPath, url, asksForList },
    get db() {
      return house.db;
    },
    /** What was not committed meanwhile is, before there is too much of it for the journal. */
    settle: () => settleKills(house.signalman),
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
