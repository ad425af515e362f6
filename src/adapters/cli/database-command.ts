import { existsSync } from 'node:fs';
import { type Command, DONE, FAILED, misused, withoutDatabase } from '#adapters/cli/command.ts';
import { forgetDamage, readDamage } from '#store/damage-mark.ts';
import { openForReading } from '#store/sqlite/database.ts';
import { damageIn } from '#store/sqlite/sound-database.ts';

export const databaseCommand: Command = {
  name: 'database',
  usage: ['database check'],
  about: 'read every page of the database, and trust a sound one again that was found damaged',
  run: async (terminal) => {
    const { databasePath, words, say, complain } = terminal;
    if (words.join(' ') !== 'check') return misused(terminal, databaseCommand, 'Check it?');
    if (!existsSync(databasePath)) return withoutDatabase(terminal);
    const marked = readDamage(databasePath);
    const damage = lookThrough(databasePath);
    if (damage.length > 0) {
      complain(
        `${databasePath} is damaged:\n${damage.map((line) => `  ${line}`).join('\n')}\nRestore a backup, as docs/operations.md says under “Safe mode”.`,
      );
      return FAILED;
    }
    forgetDamage(databasePath);
    say(`${databasePath} is sound, every page of it.`);
    if (marked !== undefined)
      say(
        `It was marked as damaged (${marked}), and is no longer. Look at what the disk reports, run “audit verify”, and start Signalman again.`,
      );
    return DONE;
  },
};

/** What cannot be opened at all is an answer as well. */
function lookThrough(path: string): readonly string[] {
  try {
    const db = openForReading(path);
    try {
      return damageIn(db);
    } finally {
      db.$client.close();
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return [error.message];
  }
}
