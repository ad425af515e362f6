/** All releases that were asked for in a time: what a sample is drawn from, and whether it is whole. */
import { cell } from '#adapters/cli/audit-csv.ts';
import { instantText } from '#adapters/cli/evidence-counts.ts';
import { type EvidenceEntry, readEntry } from '#adapters/cli/evidence-entries.ts';
import { isWithin, type TimeRange } from '#adapters/cli/time-range.ts';
import type { Release } from '#domain/release.ts';
import type { ChainedEntry } from '#store/chain.ts';
import { actorText } from '#store/codec.ts';

export type Population = ReturnType<typeof populationIn>;
type Row = Population['releases'][number];

/** The releases as they are stored, held against the proposals that the register knows. */
export function populationIn(
  range: TimeRange,
  stored: readonly Release[],
  entries: Iterable<ChainedEntry>,
) {
  const inRange = stored.filter(({ facts }) => isWithin(range, instantText(facts.requestedAt)));
  const told = tellingsOf(entries);
  const numbers = new Set(inRange.map(({ facts }) => facts.id));
  const proposed = [...told]
    .filter(([, { proposedAt }]) => proposedAt !== undefined && isWithin(range, proposedAt))
    .map(([number]) => number);
  return {
    ...(range.from !== undefined && { from: instantText(range.from) }),
    ...(range.before !== undefined && { before: instantText(range.before) }),
    count: inRange.length,
    only_in_register: proposed.filter((number) => !numbers.has(number)),
    only_in_database: [...numbers].filter((number) => !proposed.includes(number)),
    releases: inRange.map((release) => rowOf(release, told.get(release.facts.id))),
  };
}

type Telling = { readonly first: number; readonly last: number; readonly proposedAt?: string };

/** Where the register tells of each release, and when it was proposed. */
function tellingsOf(entries: Iterable<ChainedEntry>): ReadonlyMap<number, Telling> {
  const told = new Map<number, Telling>();
  for (const entry of entries) {
    if (!entry.body.includes('"release":')) continue;
    const read = readEntry(entry);
    const number = read.target.release;
    if (number !== undefined) told.set(number, withEntry(told.get(number), read));
  }
  return told;
}

function withEntry(before: Telling | undefined, entry: EvidenceEntry): Telling {
  const { seq, at, action, outcome } = entry;
  const isProposal = action === 'start' && outcome === 'done';
  return { first: seq, ...before, last: seq, ...(isProposal && { proposedAt: at }) };
}

function rowOf({ facts, approvals, phase }: Release, told: Telling | undefined) {
  return {
    release: facts.id,
    service: facts.service,
    from: facts.stable,
    to: facts.candidate,
    strategy: facts.plan.strategy,
    requested_at: instantText(facts.requestedAt),
    requested_by: actorText(facts.requestedBy),
    note: facts.note,
    approved_by: [...new Set(approvals.map(({ by }) => actorText(by)))],
    judged_steps: approvals.filter(({ judged }) => judged).length,
    outcome: phase,
    first_entry: told?.first ?? null,
    last_entry: told?.last ?? null,
  };
}

export const isWhole = ({ only_in_register, only_in_database }: Population) =>
  only_in_register.length === 0 && only_in_database.length === 0;

/** Whether it is all of them, for whoever draws a sample. */
export function wholeWords(population: Population): readonly string[] {
  const { count, only_in_register, only_in_database } = population;
  const numbers = (list: readonly number[]) => list.map((number) => `#${number}`).join(', ');
  const listed = `${count === 1 ? 'One release was' : `${count} releases were`} asked for in this time`;
  return [
    isWhole(population)
      ? `${listed}, and the register knows the same ones.`
      : `${listed}, but the register knows others:`,
    ...(only_in_register.length > 0
      ? [`It tells of ${numbers(only_in_register)}, which the database does not have.`]
      : []),
    ...(only_in_database.length > 0
      ? [`It does not tell of ${numbers(only_in_database)}, which the database has.`]
      : []),
  ];
}

/** A table for spreadsheets, from which samples are drawn. */
export function populationCsv({ releases }: Population): string {
  const lines = releases.map((row) => COLUMNS.map((column) => cell(flat(row[column]))).join(','));
  return [COLUMNS.join(','), ...lines].join('\n');
}

const COLUMNS = [
  'release',
  'service',
  'from',
  'to',
  'strategy',
  'requested_at',
  'requested_by',
  'note',
  'approved_by',
  'judged_steps',
  'outcome',
  'first_entry',
  'last_entry',
] as const satisfies readonly (keyof Row)[];

function flat(value: Row[keyof Row]): string | number | undefined {
  if (value === null) return undefined;
  return typeof value === 'object' ? value.join(' ') : value;
}
