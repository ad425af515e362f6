import { existsSync } from 'node:fs';
import { type Command, DONE, FAILED, misused, withoutDatabase } from '#adapters/cli/command.ts';
import { openForReading } from '#store/sqlite/database.ts';

export const backupCommand: Command = {
  name: 'backup',
  usage: ['backup <file>'],
  about: 'copy the database safely while it is in use',
  run: async (terminal) => {
    const { databasePath, words, say, complain } = terminal;
    const [file, ...more] = words;
    if (!file || more.length > 0) return misused(terminal, backupCommand, 'Into which file?');
    if (!existsSync(databasePath)) return withoutDatabase(terminal);
    if (existsSync(file)) {
      complain(`${file} is there already. Choose a new name: a backup never replaces a file.`);
      return FAILED;
    }
    // SQLite's own copy: a plain copy of the file would miss what still stands in the log beside it.
    const db = openForReading(databasePath);
    try {
      await db.$client.backup(file);
    } finally {
      db.$client.close();
    }
    say(`${databasePath} was copied to ${file}.`);
    return DONE;
  },
};
