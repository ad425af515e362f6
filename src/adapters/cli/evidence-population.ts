/** All releases that were asked for in a time: what a sample is drawn from, and whether it is whole. */
import { cell } from '#adapters/cli/audit-csv.ts';
import { instantText } from '#adapters/cli/evidence-counts.ts';
import { type EvidenceEntry, REVIEWED, readEntry } from '#adapters/cli/evidence-entries.ts';
import { isWithin, type TimeRange } from '#adapters/cli/time-range.ts';
import type { Release } from '#domain/release.ts';
import type { ChainedEntry } from '#store/chain.ts';
import { actorText } from '#store/codec.ts';

export type Population = ReturnType<typeof populationIn>;
type Row = ReturnType<typeof rowOf>;

/** The releases as they are stored, held against the proposals that the register knows. */
export function populationIn(
  range: TimeRange,
  stored: readonly Release[],
  { entries, linkOf }: Sources,
) {
  const inRange = stored.filter(({ facts }) => isWithin(range, instantText(facts.requestedAt)));
  const { told, emergencies, reviewed } = read(entries);
  const isOpen = ({ seq }: EvidenceEntry) => !reviewed.has(seq);
  const inTime = emergencies.filter(({ at }) => isWithin(range, at));
  const byRelease = Map.groupBy(emergencies, ({ target }) => target.release);
  const releases = inRange.map((release) => {
    const own = byRelease.get(release.facts.id) ?? [];
    const counts = { emergencies: own.length, waiting_reviews: own.filter(isOpen).length };
    return rowOf(release, { told: told.get(release.facts.id), link: linkOf(release), ...counts });
  });
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
    without_note_and_link: releases.filter(isUnexplained).map(({ release }) => release),
    /** Of releases, switches and the register, in this time. */
    emergencies: { count: inTime.length, waiting: inTime.filter(isOpen).map(({ seq }) => seq) },
    releases,
  };
}

/** Nothing says what was changed and why: no ticket, as auditors call it. */
const isUnexplained = ({ note, link }: Row) => note === '' && link === null;

export type Sources = {
  readonly entries: Iterable<ChainedEntry>;
  /** To what changed, as a pipeline told it. */
  readonly linkOf: (release: Release) => string | undefined;
};

type Telling = { readonly first: number; readonly last: number; readonly proposedAt?: string };

/** Where the register tells of each release, and of emergencies and their reviews. */
function read(entries: Iterable<ChainedEntry>) {
  const told = new Map<number, Telling>();
  const emergencies: EvidenceEntry[] = [];
  const reviewed = new Set<number>();
  for (const entry of entries) {
    if (!MATTERS.test(entry.body)) continue;
    const read = readEntry(entry);
    if (read.emergency) emergencies.push(read);
    if (read.reviews !== undefined && read.outcome === 'done') reviewed.add(read.reviews);
    const number = read.target.release;
    if (number !== undefined) told.set(number, withEntry(told.get(number), read));
  }
  return { told, emergencies, reviewed };
}

const MATTERS = new RegExp(`"release":|"emergency":true|"${REVIEWED}"`);

function withEntry(before: Telling | undefined, entry: EvidenceEntry): Telling {
  const { seq, at, action, outcome } = entry;
  const isProposal = action === 'start' && outcome === 'done';
  return { first: seq, ...before, last: seq, ...(isProposal && { proposedAt: at }) };
}

type About = {
  readonly told: Telling | undefined;
  readonly link: string | undefined;
  readonly emergencies: number;
  readonly waiting_reviews: number;
};

function rowOf({ facts, approvals, phase }: Release, { told, link, ...counts }: About) {
  return {
    release: facts.id,
    service: facts.service,
    from: facts.stable,
    to: facts.candidate,
    strategy: facts.plan.strategy,
    requested_at: instantText(facts.requestedAt),
    requested_by: actorText(facts.requestedBy),
    note: facts.note,
    link: link ?? null,
    approved_by: [...new Set(approvals.map(({ by }) => actorText(by)))],
    judged_steps: approvals.filter(({ judged }) => judged).length,
    ...counts,
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

/** What an auditor asks of such a list next. */
export function exceptionWords({ emergencies, without_note_and_link }: Population) {
  const { count, waiting } = emergencies;
  const unexplained = without_note_and_link.map((number) => `#${number}`).join(', ');
  return [
    ...(unexplained === ''
      ? []
      : [`Neither a note nor a link says what was changed and why: ${unexplained}.`]),
    count === 0
      ? 'The register tells of no emergency in this time.'
      : `The register tells of ${count === 1 ? 'one emergency' : `${count} emergencies`} in this time; ${
          waiting.length === 0
            ? 'none waits for its review.'
            : `these entries wait for their review: ${waiting.join(', ')}.`
        }`,
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
  'link',
  'approved_by',
  'judged_steps',
  'emergencies',
  'waiting_reviews',
  'outcome',
  'first_entry',
  'last_entry',
] as const satisfies readonly (keyof Row)[];

function flat(value: Row[keyof Row]): string | number | undefined {
  if (value === null) return undefined;
  return typeof value === 'object' ? value.join(' ') : value;
}
