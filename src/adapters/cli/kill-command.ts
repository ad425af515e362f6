import { answerControl } from '#adapters/answer-control.ts';
import { type Command, DONE, FAILED, misused, type Terminal } from '#adapters/cli/command.ts';
import { askControl, type ControlRequest, controlPath } from '#adapters/control-socket.ts';
import { readSettingsFile } from '#adapters/settings/settings-holder.ts';
import { emptySnapshot, switchName } from '#domain/snapshot.ts';
import { asInstant } from '#domain/time.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { ownDatabase } from '#store/sqlite/owner.ts';
import { createSqliteStore } from '#store/sqlite/store.ts';

export const killCommand: Command = {
  name: 'kill',
  usage: ['kill on <name> <reason>', 'kill off <name> <reason>'],
  about: 'throw a kill switch, or switch it off, with Slack or without',
  run: async (terminal) => {
    const [to, name, ...reason] = terminal.words;
    if (to !== 'on' && to !== 'off') return misused(terminal, killCommand, 'On or off?');
    if (!name) return misused(terminal, killCommand, 'Which kill switch?');
    if (reason.length === 0 && to === 'on') return misused(terminal, killCommand, 'Why?');
    const request: ControlRequest = { to, name, reason: reason.join(' '), by: terminal.login };
    const { databasePath, say, complain } = terminal;
    const answer =
      (await askControl(controlPath(databasePath), request)) ??
      (await writeItself(terminal, request));
    (answer.ok ? say : complain)(answer.words);
    return answer.ok ? DONE : FAILED;
  },
};

/** Nobody runs: the switch is written to the database, and agents hear of it at the next start. */
async function writeItself({ databasePath, configPath }: Terminal, request: ControlRequest) {
  const ownership = ownDatabase(databasePath, `kill by process ${process.pid}`);
  if (!ownership.owned)
    return {
      ok: false,
      words: `${databasePath} is in use by ${ownership.holder}, which does not answer. Use Slack or HTTP, or stop that process and try again.`,
    };
  const db = openDatabase(databasePath);
  try {
    // Without a process there is no memory to act in before the commit.
    const override = { killNow: () => {}, liftKill: () => {}, revision: () => 0 };
    const clock = () => asInstant(Date.now());
    const usualName = usualNameBy(configPath);
    const acts = () => false;
    const log = { error: () => {} };
    const deps = { store: createSqliteStore(db), clock, override, usualName, acts, log };
    const answer = await answerControl(deps, request);
    const note = 'Signalman is not running: agents hear of it when it starts.';
    return { ok: answer.ok, words: `${answer.words} ${note}` };
  } finally {
    db.$client.close();
    ownership.release();
  }
}

/** A file that cannot be read must not keep anybody from stopping something. */
function usualNameBy(configPath: string) {
  const file = readSettingsFile(configPath);
  if (!file.ok) return (typed: string) => typed;
  const snapshot = emptySnapshot(file.value.settings.defaultEnvironment);
  return (typed: string) => switchName(snapshot, typed);
}
