import { existsSync } from 'node:fs';
import { findNotes } from '#adapters/checkpoints/checkpoint-files.ts';
import { placesBy } from '#adapters/cli/checkpoint-places.ts';
import { type Command, DONE, FAILED, misused, takeOption } from '#adapters/cli/command.ts';
import { evidenceDocument } from '#adapters/cli/evidence-document.ts';
import { evidenceOf } from '#adapters/cli/evidence-facts.ts';
import { openForReading } from '#store/sqlite/database.ts';
import { createQueries } from '#store/sqlite/queries.ts';
import { readRegister } from '#store/sqlite/register.ts';

const WINDOWS_MAX = 1_000_000;

export const evidenceCommand: Command = {
  name: 'evidence',
  usage: ['evidence <release> [--format md|json]'],
  about: 'one document about a release for auditors',
  run: async (terminal) => {
    const { databasePath, configPath, words, say, complain } = terminal;
    const { value: format = 'md', rest } = takeOption(words, 'format');
    const [number = '', ...more] = rest;
    const id = Number(number.replace(/^#/, ''));
    if (!Number.isSafeInteger(id) || id < 1 || more.length > 0)
      return misused(terminal, evidenceCommand, 'Which release, such as 12?');
    if (format !== 'md' && format !== 'json')
      return misused(terminal, evidenceCommand, `I know md and json, not “${format}”.`);
    if (!existsSync(databasePath)) {
      complain(`There is no database at ${databasePath} yet.`);
      return FAILED;
    }
    const db = openForReading(databasePath);
    try {
      const queries = createQueries(db);
      const release = queries.release(id);
      if (!release) {
        complain(
          `There is no release #${id}. \`/rollout history\` in Slack shows those that were.`,
        );
        return FAILED;
      }
      const sizes = findNotes(placesBy(databasePath, configPath)).map(({ note }) =>
        Number(note.split('\n')[1]),
      );
      const about = evidenceOf({
        release,
        windows: queries.windows(id, WINDOWS_MAX),
        entries: readRegister(db),
        vouchedFor: Math.max(0, ...sizes.filter(Number.isSafeInteger)),
      });
      say(format === 'json' ? JSON.stringify(about, null, 2) : evidenceDocument(about));
      return DONE;
    } finally {
      db.$client.close();
    }
  },
};
