/** The bot as a process: reads its file, owns its database, listens to signals. */
import { hostname } from 'node:os';
import { listenProblem } from '#adapters/http/listen-problem.ts';
import { createLog, type Log } from '#adapters/log.ts';
import { createSettingsHolder, type SettingsHolder } from '#adapters/settings/settings-holder.ts';
import { settingsProblemLine } from '#adapters/settings/settings-problem.ts';
import { compose, type Running, run, type Signalman } from '#compose.ts';
import type { Config, SlackConfig } from '#config.ts';
import { trusted } from '#domain/actor.ts';
import { isLive } from '#domain/release.ts';
import { whyNotEnvironment, whyNotWithout } from '#domain/settings-difference.ts';
import { adoptSettings, noteFaultySettings } from '#operations/adopt-settings.ts';
import { settleKills } from '#operations/throw-kill-switch.ts';
import { journalPath, openJournal } from '#store/journal.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import {
  readDefaultEnvironment,
  rememberDefaultEnvironment,
} from '#store/sqlite/default-environment.ts';
import { ownDatabase } from '#store/sqlite/owner.ts';

type BotConfig = Config & { readonly slack: SlackConfig };

/** What the file does is done by whoever may change it on this machine. */
const CONFIGURATION = trusted({ kind: 'cli', id: 'configuration' });

export async function startBot(config: BotConfig): Promise<void> {
  const log = createLog({
    level: config.logLevel,
    secrets: secretsOf(config),
    write: (line) => process.stdout.write(line),
  });
  // Whatever nobody caught leaves the state of this process in doubt; a supervisor starts a new one.
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'Signalman stops, because something went wrong that nobody expected');
    process.exit(1);
  });
  const holder = createSettingsHolder(config.configPath);
  if (!holder.ok)
    return giveUp(['the configuration has problems:', ...holder.refusal.map(settingsProblemLine)]);
  for (const warning of holder.value.warnings())
    log.warn({ at: settingsProblemLine(warning) }, 'The configuration may not do what was meant');

  const { ownership, db } = openOwned(config.databasePath);
  const journal = openJournal({
    path: journalPath(config.databasePath),
    part: 'bot',
    onTrouble: (err) => log.error({ err }, 'The emergency journal cannot be used'),
  });
  const options = { config, slack: config.slack, db, journal, settings: holder.value.current, log };
  const signalman = compose(options);
  // Before anybody is answered: a kill that was taken just before the end of the last process.
  await settleKills(signalman).catch(() => {});
  const missing = whyNotWithout(holder.value.current(), liveServices(signalman));
  const moved = isUsed(signalman)
    ? whyNotEnvironment(holder.value.current(), readDefaultEnvironment(db))
    : [];
  const problems = [...moved, ...missing.map((why) => `services: ${why}`)];
  if (problems.length > 0) return giveUp(['the configuration has problems:', ...problems]);
  rememberDefaultEnvironment(db, holder.value.current().defaultEnvironment);
  await adoptSettings(signalman, holder.value.current(), CONFIGURATION, []);
  const running = await run(signalman, options).catch((error: unknown) =>
    giveUp([listenProblem(error)]),
  );
  log.info({ port: config.port, agentPort: running.agentPort }, 'Signalman is ready');

  process.on('SIGHUP', () => void reload({ signalman, running, holder: holder.value, log }));
  const stop = async () => {
    await running.stop();
    db.$client.close();
    ownership.release();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
}

/** The database, and nobody else's; what stands in the way is told to whoever set its path. */
function openOwned(path: string) {
  try {
    const ownership = ownDatabase(path, `process ${process.pid} on ${hostname()}`);
    if (ownership.owned) return { ownership, db: openDatabase(path) };
    return giveUp([
      `${path} is in use by ${ownership.holder}.`,
      'Stop that one first, or set DATABASE_PATH to another file.',
    ]);
  } catch (error) {
    // SQLite and the file system say what they could not do; anything else is a bug.
    if (!(error instanceof Error && 'code' in error)) throw error;
    return giveUp([
      `${path} cannot be opened (${error.message}).`,
      'DATABASE_PATH names a file that Signalman may write, or that is not there yet.',
    ]);
  }
}

type Reload = {
  readonly signalman: Signalman;
  readonly running: Running;
  readonly holder: SettingsHolder;
  readonly log: Log;
};

/** Reads the file again; one with problems changes nothing, and says why. */
async function reload({ signalman, running, holder, log }: Reload): Promise<void> {
  const reloaded = holder.reload(liveServices(signalman));
  if (!reloaded.ok) {
    const problems = reloaded.refusal;
    log.error({ problems }, 'The configuration was not reloaded; the last good one stays');
    await noteFaultySettings(signalman, CONFIGURATION, problems);
    return;
  }
  const { differences } = reloaded.value;
  await adoptSettings(signalman, holder.current(), CONFIGURATION, differences);
  await running.reschedule();
  log.info({ differences }, 'The configuration was reloaded');
}

/** Services alone come from the file; what people made in the database keeps its meaning. */
const isUsed = ({ queries }: Signalman) =>
  queries.history(undefined, 1).length > 0 ||
  queries.killSwitches().length > 0 ||
  queries.flags().length > 0;

const liveServices = ({ queries }: Signalman) =>
  queries.services().flatMap(({ name, live }) => (live && isLive(live) ? [name] : []));

/** Tokens of agents are not among them: only their hashes are kept. */
function secretsOf({ slack }: BotConfig): readonly string[] {
  return [slack.botToken, slack.signingSecret, ...(slack.appToken ? [slack.appToken] : [])];
}

function giveUp(lines: readonly string[]): never {
  process.stderr.write(`Signalman cannot start:\n${lines.map((line) => `  ${line}\n`).join('')}`);
  process.exit(1);
}
