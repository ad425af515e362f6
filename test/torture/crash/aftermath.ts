/** What must be true of an installation after any number of deaths; says what is not. */
import Sqlite from 'better-sqlite3';
import { checkChain } from '#store/check-register.ts';
import { journalPath, openJournal } from '#store/journal.ts';
import { openForReading } from '#store/sqlite/database.ts';
import { readRegister } from '#store/sqlite/register.ts';

/** What waits for minutes by design is left out: a second look, and whether somebody saw an alert. */
const OWED_NOW = `select count(*) from outbox where done_at is null
  and lane not like 'read_back:%' and ifnull(json_extract(effect, '$.sync'), '') != 'escalation'`;

export const owedIn = (path: string) => Number(ask(path, OWED_NOW));

/** Read by a connection of its own each time, so that no lock of the bot is in anybody's way. */
function ask(path: string, question: string): unknown {
  return reading(path, (db) => db.prepare(question).pluck().get());
}

function reading<Answer>(path: string, read: (db: Sqlite.Database) => Answer): Answer {
  const db = new Sqlite(path, { readonly: true, timeout: 5_000 });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

export function problemsOnFile(path: string): readonly string[] {
  const db = openForReading(path);
  const chain = checkChain(readRegister(db));
  db.$client.close();
  const sound = ask(path, 'pragma integrity_check');
  return [
    ...(chain.intact ? [] : [`the register is broken: ${chain.problem}`]),
    ...(sound === 'ok' ? [] : [`the database is broken: ${sound}`]),
  ];
}

/** Every effect that is told stands in Slack once: none is missing, none is there twice. */
export function problemsInSlack(told: readonly string[], path: string): readonly string[] {
  const seen = new Set<string>();
  const twice = told.filter((effect) => seen.has(effect) || !seen.add(effect));
  const owed = reading(path, (db) =>
    db
      .prepare(
        "select id from outbox where json_extract(effect, '$.tell') in ('thread', 'channel')",
      )
      .pluck()
      .all()
      .map(String),
  );
  return [
    ...twice.map((effect) => `effect ${effect} was told twice`),
    ...owed
      .filter((effect) => !seen.has(effect))
      .map((effect) => `effect ${effect} was never told`),
  ];
}

/** Whatever anybody was told is done stands in the file, or in the journal until it does. */
export function problemsWithAnswers(acknowledged: Iterable<string>, path: string) {
  const known = new Set(
    reading(path, (db) => db.prepare('select key from inbox').pluck().all().map(String)),
  );
  const journal = openJournal({ path: journalPath(path), part: 'bot', onTrouble: () => {} });
  for (const { key } of journal.pending()) known.add(key);
  journal.close();
  return [...acknowledged]
    .filter((key) => !known.has(key))
    .map((key) => `${key} was acknowledged and is lost`);
}
