import { existsSync } from 'node:fs';
import { vouchersIn } from '#adapters/cli/audit-verify.ts';
import { placesBy } from '#adapters/cli/checkpoint-places.ts';
import {
  type Command,
  DONE,
  FAILED,
  misused,
  type Terminal,
  takeOption,
} from '#adapters/cli/command.ts';
import { evidenceDocument } from '#adapters/cli/evidence-document.ts';
import { entriesAbout } from '#adapters/cli/evidence-entries.ts';
import { factsOf } from '#adapters/cli/evidence-facts.ts';
import { type Evidence, findingsIn } from '#adapters/cli/evidence-findings.ts';
import { registerStand } from '#adapters/cli/evidence-register.ts';
import { checkRegister } from '#store/check-register.ts';
import { type Database, openForReading } from '#store/sqlite/database.ts';
import { createQueries } from '#store/sqlite/queries.ts';
import { readRegister } from '#store/sqlite/register.ts';

const WINDOWS_MAX = 1_000_000;

export const evidenceCommand: Command = {
  name: 'evidence',
  usage: ['evidence <release> [--format md|json]'],
  about: 'one document about a release for auditors',
  run: async (terminal) => {
    const { databasePath, words, say, complain } = terminal;
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
      const about = gather(db, terminal, id);
      if (!about) {
        complain(
          `There is no release #${id}. \`/rollout history\` in Slack shows those that were.`,
        );
        return FAILED;
      }
      say(format === 'json' ? JSON.stringify(about, null, 2) : evidenceDocument(about));
      return DONE;
    } finally {
      db.$client.close();
    }
  },
};

function gather(
  db: Database,
  { databasePath, configPath }: Terminal,
  id: number,
): Evidence | undefined {
  const queries = createQueries(db);
  const release = queries.release(id);
  if (!release) return undefined;
  const { service, candidate } = release.facts;
  const vouchers = vouchersIn(placesBy(databasePath, configPath));
  const check = checkRegister({ ...vouchers, entries: readRegister(db) });
  const facts = factsOf({
    release,
    version: queries.registeredVersion(service, candidate),
    windows: queries.windows(id, WINDOWS_MAX),
    // Read once more, because a check ends at the first entry that is not as it was written.
    entries: entriesAbout(readRegister(db), release),
    register: registerStand(check, vouchers.verifierKey),
  });
  return { ...facts, ...findingsIn(facts) };
}
