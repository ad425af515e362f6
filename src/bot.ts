/** The bot as a process: reads its file, owns its database, listens to signals. */
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { listenProblem } from '#adapters/http/listen-problem.ts';
import { createLog, type Log } from '#adapters/log.ts';
import { createFollowingScrubber } from '#adapters/scrubber.ts';
import { createSettingsHolder, type SettingsHolder } from '#adapters/settings/settings-holder.ts';
import { settingsProblemLine } from '#adapters/settings/settings-problem.ts';
import { type ComposeOptions, compose, type Signalman } from '#compose.ts';
import type { Config, SlackConfig } from '#config.ts';
import { CONFIGURATION, trusted } from '#domain/actor.ts';
import { isLive } from '#domain/release.ts';
import { no, type Result, yes } from '#domain/result.ts';
import { whyNotEnvironment, whyNotWithout } from '#domain/settings-difference.ts';
import { giveUp } from '#give-up.ts';
import { adoptSettings, noteFaultySettings } from '#operations/adopt-settings.ts';
import { oweFirstWords } from '#operations/owe-first-words.ts';
import { tellRoles } from '#operations/tell-roles.ts';
import { settleKills } from '#operations/throw-kill-switch.ts';
import { type Running, run } from '#run.ts';
import { runInSafeMode } from '#safe-mode.ts';
import { markDamaged } from '#store/damage-mark.ts';
import { journalPath, openJournal } from '#store/journal.ts';
import { readSnapshotFile, snapshotPath } from '#store/snapshot-file.ts';
import { isDamage, watchForDamage } from '#store/sqlite/damage.ts';
import {
  readDefaultEnvironment,
  rememberDefaultEnvironment,
} from '#store/sqlite/default-environment.ts';
import { type Ownership, ownDatabase } from '#store/sqlite/owner.ts';
import { isPassing, openSoundDatabase, type Unusable } from '#store/sqlite/sound-database.ts';

type BotConfig = Config & { readonly slack: SlackConfig };

const FROM_FILE = trusted(CONFIGURATION, { via: 'file' });

export async function startBot(config: BotConfig): Promise<void> {
  const holder = createSettingsHolder(config.configPath);
  if (!holder.ok)
    return giveUp(['the configuration has problems:', ...holder.refusal.map(settingsProblemLine)]);
  const scrub = createFollowingScrubber(config.secrets, holder.value.current);
  const log = createLog({
    level: config.logLevel,
    scrub,
    write: (line) => process.stdout.write(line),
  });
  // Whatever nobody caught leaves the state of this process in doubt; a supervisor starts a new one.
  process.on('uncaughtException', (error) => {
    // Whoever met the damage has told it, and has nobody to answer.
    if (isDamage(error)) return endSoon();
    log.fatal({ err: error }, 'Signalman stops, because something went wrong that nobody expected');
    process.exit(1);
  });
  for (const warning of holder.value.warnings())
    log.warn({ at: settingsProblemLine(warning) }, 'The configuration may not do what was meant');

  const given: Given = {
    ...{ config, slack: config.slack, settings: holder.value.current, scrub, log },
    unsatisfiable: holder.value.unsatisfiable().map(settingsProblemLine),
    journal: openJournal({
      path: journalPath(config.databasePath),
      part: 'bot',
      onTrouble: (err) => log.error({ err }, 'The emergency journal cannot be used'),
    }),
  };
  const end = stopOnSignals(own(config.databasePath));
  const prepared = await prepare(given);
  const { signalman, options } = prepared.ok
    ? prepared.value
    : await waitInSafeMode(given, prepared.refusal, end);
  const running = await run(signalman, options).catch((error: unknown) =>
    giveUp([listenProblem(error)]),
  );
  end.first = async () => {
    await running.stop();
    options.db.$client.close();
  };
  log.info({ port: config.port, agentPort: running.agentPort }, 'Signalman is ready');
  process.on('SIGHUP', () => void reload({ signalman, running, holder: holder.value, log }));
}

/** What has to be stopped before the process ends, as it is at that moment. */
type End = { first?: () => Promise<void> };

function stopOnSignals(ownership: Ownership & { readonly owned: true }): End {
  const end: End = {};
  const stop = async () => {
    await end.first?.();
    ownership.release();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
  return end;
}

/** The database is nobody else's; what stands in the way is told to whoever set its path. */
function own(path: string) {
  try {
    const ownership = ownDatabase(path, `process ${process.pid} on ${hostname()}`);
    if (ownership.owned) return ownership;
    return giveUp([
      `${path} is in use by ${ownership.holder}.`,
      'Stop that one first, or set DATABASE_PATH to another file.',
    ]);
  } catch (error) {
    // SQLite and the file system say what they could not do; anything else is a bug.
    if (!(error instanceof Error && 'code' in error)) throw error;
    return giveUp(unopenable(path, error.message));
  }
}

const unopenable = (path: string, why: string) => [
  `${path} cannot be opened (${why}).`,
  'DATABASE_PATH names a file that Signalman may write, or that is not there yet.',
];

type Given = Omit<ComposeOptions, 'db'> & { readonly unsatisfiable: readonly string[] };
type Prepared = { readonly signalman: Signalman; readonly options: ComposeOptions };

/** Opens the database and brings it up to date; that it cannot be used is an answer too. */
async function prepare(given: Given): Promise<Result<Prepared, Unusable>> {
  const opened = openSoundDatabase(given.config.databasePath, () => performance.now());
  if (!opened.ok) return opened;
  const db = opened.value;
  watchForDamage(db.$client, (damage) => endForDamage(given, damage));
  try {
    const options = { ...given, db };
    const signalman = compose(options);
    // Before anybody is answered: a kill that was taken just before the end of the last process.
    await settleKills(signalman).catch(() => {});
    const problems = [...whyNotHere(signalman, options), ...whyNotAtFirst(signalman, given)];
    if (problems.length > 0) return giveUp(['the configuration has problems:', ...problems]);
    rememberDefaultEnvironment(db, given.settings().defaultEnvironment);
    await adoptSettings(signalman, given.settings(), FROM_FILE, []);
    await tellRoles(signalman, given.settings(), FROM_FILE);
    await oweFirstWords(signalman, given.settings());
    return yes({ signalman, options });
  } catch (error) {
    given.log.error({ err: error }, 'The database cannot be read or brought up to date');
    db.$client.close();
    const why = error instanceof Error ? error.message : String(error);
    return no({ why, isDamaged: !isPassing(error) });
  }
}

/** Answers that are under way still go out, and kills are taken, before the process ends. */
const LAST_MS = 1_000;

/** Of a database that turns out damaged nothing more is believed; the next start is in safe mode. */
function endForDamage({ config, log }: Given, damage: Error): void {
  const message = 'The database is damaged; Signalman ends, and its next start is in safe mode';
  try {
    const at = new Date().toISOString();
    markDamaged(config.databasePath, `${damage.message}, met while it was in use, ${at}`);
  } catch (err) {
    log.error({ err }, 'The database could not be marked as damaged');
  }
  log.fatal({ err: damage }, message);
  endSoon();
}

const endSoon = () => void setTimeout(LAST_MS).then(() => process.exit(1));

function whyNotHere(signalman: Signalman, { db, settings }: ComposeOptions): readonly string[] {
  const missing = whyNotWithout(settings(), liveServices(signalman));
  const moved = isUsed(signalman) ? whyNotEnvironment(settings(), readDefaultEnvironment(db)) : [];
  return [...moved, ...missing.map((why) => `services: ${why}`)];
}

/**
 * A first start with rules that nobody can satisfy is refused. Later it would take the kill switches
 * away, so then it is only said.
 */
function whyNotAtFirst({ queries }: Signalman, { unsatisfiable, log }: Given): readonly string[] {
  if (queries.services().length === 0) return unsatisfiable;
  for (const at of unsatisfiable)
    log.error({ at }, 'The configuration has a rule nobody can satisfy');
  return [];
}

/** A lock or a full disk passes; damage needs a person. */
const RETRY_MS = 5_000;

/** Agents are answered and kills are taken while the database is waited for. */
async function waitInSafeMode(given: Given, unusable: Unusable, end: End): Promise<Prepared> {
  const { config, log } = given;
  const snapshot = readSnapshotFile(snapshotPath(config.databasePath));
  if (!snapshot) return giveUp(unopenable(config.databasePath, unusable.why));
  log.error({ ...unusable }, 'Signalman runs in safe mode, because its database cannot be used');
  const safe = await runInSafeMode({ ...given, snapshot, why: unusable.why }).catch(
    (error: unknown) => giveUp([listenProblem(error)]),
  );
  end.first = safe.stop;
  for (;;) {
    await setTimeout(RETRY_MS);
    if (unusable.isDamaged) continue;
    const prepared = await prepare(given);
    if (!prepared.ok) continue;
    await safe.stop();
    log.info('The database can be used again; safe mode is over');
    return prepared.value;
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
    await noteFaultySettings(signalman, FROM_FILE, problems);
    return;
  }
  const { differences } = reloaded.value;
  await adoptSettings(signalman, holder.current(), FROM_FILE, differences);
  await tellRoles(signalman, holder.current(), FROM_FILE);
  await oweFirstWords(signalman, holder.current());
  await running.followSettings();
  log.info({ differences }, 'The configuration was reloaded');
}

/** Services alone come from the file; what people made in the database keeps its meaning. */
const isUsed = ({ queries }: Signalman) =>
  queries.history(undefined, 1).length > 0 ||
  queries.killSwitches().length > 0 ||
  queries.flags().length > 0;

const liveServices = ({ queries }: Signalman) =>
  queries.services().flatMap(({ name, live }) => (live && isLive(live) ? [name] : []));
