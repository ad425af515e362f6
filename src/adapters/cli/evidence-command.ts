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
  withoutDatabase,
} from '#adapters/cli/command.ts';
import { evidenceDocument } from '#adapters/cli/evidence-document.ts';
import { entriesAbout } from '#adapters/cli/evidence-entries.ts';
import { factsOf } from '#adapters/cli/evidence-facts.ts';
import { type Evidence, findingsIn } from '#adapters/cli/evidence-findings.ts';
import {
  exceptionWords,
  isWhole,
  populationCsv,
  populationIn,
  wholeWords,
} from '#adapters/cli/evidence-population.ts';
import { type RegisterStand, registerStand } from '#adapters/cli/evidence-register.ts';
import { RANGE_USAGE, type TimeRange, takeRange } from '#adapters/cli/time-range.ts';
import type { Release } from '#domain/release.ts';
import { no, type Result, yes } from '#domain/result.ts';
import { checkRegister } from '#store/check-register.ts';
import { type Database, openForReading } from '#store/sqlite/database.ts';
import { createQueries } from '#store/sqlite/queries.ts';
import { readRegister } from '#store/sqlite/register.ts';

const WINDOWS_MAX = 1_000_000;
const RELEASES_MAX = 1_000_000;

type Answer = (db: Database, terminal: Terminal) => number;

export const evidenceCommand: Command = {
  name: 'evidence',
  usage: ['evidence <release> [--format md|json]', `evidence ${RANGE_USAGE} [--format csv|json]`],
  about: 'one document about a release for auditors, or the list of all releases of a time',
  run: async (terminal) => {
    const { databasePath } = terminal;
    const answer = readWords(terminal.words);
    if (!answer.ok) return misused(terminal, evidenceCommand, answer.refusal);
    if (!existsSync(databasePath)) return withoutDatabase(terminal);
    const db = openForReading(databasePath);
    try {
      return answer.value(db, terminal);
    } finally {
      db.$client.close();
    }
  },
};

function readWords(words: readonly string[]): Result<Answer, string> {
  const { value: format, rest: others } = takeOption(words, 'format');
  const taken = takeRange(others);
  if (!taken.ok) return taken;
  const { range, rest } = taken.value;
  const [number, ...more] = rest;
  const isPopulation = others.length > rest.length;
  const unplaced = isPopulation ? number : more[0];
  if (unplaced !== undefined) return no(`I can't place “${unplaced}”.`);
  const [usual, ...further] = isPopulation ? ['csv', 'json'] : ['md', 'json'];
  const wanted = format ?? usual;
  if (wanted !== usual && !further.some((known) => known === wanted))
    return no(`I know ${[usual, ...further].join(' and ')}, not “${wanted}”.`);
  const asJson = wanted === 'json';
  if (isPopulation) return yes((db, terminal) => listReleases(db, terminal, { range, asJson }));
  const id = Number(number?.replace(/^#/, ''));
  if (!Number.isSafeInteger(id) || id < 1) return no('Which release, such as 12?');
  return yes((db, terminal) => describeRelease(db, terminal, { id, asJson }));
}

function describeRelease(
  db: Database,
  terminal: Terminal,
  { id, asJson }: { readonly id: number; readonly asJson: boolean },
): number {
  const about = gather(db, terminal, id);
  if (!about) {
    terminal.complain(
      `There is no release #${id}. \`/rollout history\` in Slack shows those that were.`,
    );
    return FAILED;
  }
  terminal.say(asJson ? JSON.stringify(about, null, 2) : evidenceDocument(about));
  return DONE;
}

/** The list goes to one place and what is to be said of it to another, so that it stays a table. */
function listReleases(
  db: Database,
  terminal: Terminal,
  { range, asJson }: { readonly range: TimeRange; readonly asJson: boolean },
): number {
  const register = standOf(db, terminal);
  const queries = createQueries(db);
  const stored = queries.history(undefined, RELEASES_MAX).toReversed();
  const linkOf = ({ facts: { service, candidate } }: Release) =>
    queries.registeredVersion(service, candidate)?.link;
  const population = populationIn(range, stored, { entries: readRegister(db), linkOf });
  terminal.say(
    asJson ? JSON.stringify({ ...population, register }, null, 2) : populationCsv(population),
  );
  const lines = [...wholeWords(population), ...exceptionWords(population), ...register.lines];
  for (const line of lines) terminal.complain(line);
  return isWhole(population) && register.says === 'intact' ? DONE : FAILED;
}

function gather(db: Database, terminal: Terminal, id: number): Evidence | undefined {
  const queries = createQueries(db);
  const release = queries.release(id);
  if (!release) return undefined;
  const { service, candidate } = release.facts;
  const facts = factsOf({
    release,
    version: queries.registeredVersion(service, candidate),
    windows: queries.windows(id, WINDOWS_MAX),
    // Read once more, because a check ends at the first entry that is not as it was written.
    entries: entriesAbout(readRegister(db), release),
    register: standOf(db, terminal),
  });
  return { ...facts, ...findingsIn(facts) };
}

function standOf(db: Database, { databasePath, configPath }: Terminal): RegisterStand {
  const vouchers = vouchersIn(placesBy(databasePath, configPath));
  const check = checkRegister({ ...vouchers, entries: readRegister(db) });
  return registerStand(check, vouchers.verifierKey);
}
