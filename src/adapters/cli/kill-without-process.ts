import { randomUUID } from 'node:crypto';
import { answerControl, type ControlDeps } from '#adapters/answer-control.ts';
import { openGuardedStore } from '#adapters/checkpoints/guarded-store.ts';
import { placesBy } from '#adapters/cli/checkpoint-places.ts';
import type { Terminal } from '#adapters/cli/command.ts';
import type { ControlAnswer, KillRequest } from '#adapters/control-socket.ts';
import { readSettingsFile } from '#adapters/settings/settings-holder.ts';
import { no, type Result, yes } from '#domain/result.ts';
import { emptySnapshot, switchName } from '#domain/snapshot.ts';
import { asInstant } from '#domain/time.ts';
import { readDamage } from '#store/damage-mark.ts';
import { journalPath, openJournal } from '#store/journal.ts';
import type { ChangeStore } from '#store/port.ts';
import { type Database, openDatabase } from '#store/sqlite/database.ts';
import { ownDatabase } from '#store/sqlite/owner.ts';
import { createUnopenedStore } from '#store/unopened.ts';

/** No process answers: a kill is made durable here, with its database or without. */
export async function killWithoutProcess(
  terminal: Terminal,
  request: KillRequest,
): Promise<ControlAnswer> {
  const { databasePath } = terminal;
  const ownership = ownDatabase(databasePath, `kill by process ${process.pid}`);
  if (!ownership.owned) return await besideIt(terminal, request, ownership.holder);
  try {
    const answer = await writeItself(terminal, request);
    const note = 'Signalman is not running: agents hear of it when it starts.';
    return { ok: answer.ok, words: `${answer.words} ${note}` };
  } finally {
    ownership.release();
  }
}

/** Somebody owns the database: it is theirs to write, but they look at the journal all the time. */
async function besideIt(terminal: Terminal, request: KillRequest, holder: string) {
  if (request.to === 'off')
    return {
      ok: false,
      words: `${terminal.databasePath} is in use by ${holder}, which does not answer. Use Slack, or stop that process and try again.`,
    };
  const store = createUnopenedStore(`${holder} owns it and does not answer`);
  const { ok, words } = await answerControl(atThisMachine(terminal, store), request);
  const note =
    'That process looks into it four times a second while it runs, and agents hear of it then.';
  return { ok, words: ok ? `${words} ${note}` : words };
}

async function writeItself(terminal: Terminal, request: KillRequest): Promise<ControlAnswer> {
  const { databasePath, configPath } = terminal;
  const db = openedDatabase(databasePath);
  try {
    const store = db.ok
      ? openGuardedStore(db.value, placesBy(databasePath, configPath)).store
      : createUnopenedStore(db.refusal);
    return await answerControl(atThisMachine(terminal, store), request);
  } finally {
    if (db.ok) db.value.$client.close();
  }
}

function openedDatabase(path: string): Result<Database, string> {
  const damage = readDamage(path);
  if (damage !== undefined) return no(damage);
  try {
    return yes(openDatabase(path));
  } catch (error) {
    return no(error instanceof Error ? error.message : String(error));
  }
}

/** Without a process there is no memory to act in before the commit. */
function atThisMachine({ databasePath, configPath }: Terminal, store: ChangeStore): ControlDeps {
  const path = journalPath(databasePath);
  return {
    store,
    clock: () => asInstant(Date.now()),
    override: { killNow: () => {}, acts: () => true, liftKill: () => {}, revision: () => 0 },
    // What goes wrong with it is in the answer.
    journal: openJournal({ path, part: 'cli', onTrouble: () => {} }),
    uniqueId: randomUUID,
    usualName: usualNameBy(configPath),
    inForce: 'is taken',
  };
}

/** A file that cannot be read must not keep anybody from stopping something. */
function usualNameBy(configPath: string) {
  const file = readSettingsFile(configPath);
  if (!file.ok) return (typed: string) => typed;
  const snapshot = emptySnapshot(file.value.settings.defaultEnvironment);
  return (typed: string) => switchName(snapshot, typed);
}
