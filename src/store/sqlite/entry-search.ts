/** Looks something up in the register, which has no index but its numbers. */
import { and, asc, desc, eq, gte, lt, type SQL, sql } from '#db/drizzle.ts';
import { audit } from '#db/schema.ts';
import type { Instant } from '#domain/time.ts';
import type { EntrySearch, FoundEntries, PastEntry } from '#store/queries.ts';
import type { Database } from '#store/sqlite/database.ts';

/** Some tens of milliseconds of reading; agents are answered from memory meanwhile, but late. */
const LOOKED_THROUGH_MAX = 20_000;

export const entryFrom = ({ seq, body }: { seq: number; body: string }): PastEntry => ({
  seq,
  body: JSON.parse(body) as unknown,
});

export function searchEntries(db: Database, search: EntrySearch): FoundEntries {
  const end = search.before ?? numberAfter(db, search.until);
  const start = Math.max(1, end - LOOKED_THROUGH_MAX);
  const entries = db
    .select({ seq: audit.seq, body: audit.body })
    .from(audit)
    .where(and(gte(audit.seq, start), lt(audit.seq, end), ...asked(search)))
    .orderBy(desc(audit.seq))
    .limit(search.limit)
    .all()
    .map(entryFrom);
  const last = entries.at(-1);
  if (last && entries.length === search.limit) return { entries, ...onFrom(last.seq) };
  return { entries, ...(isBefore(db, start, search.since) ? {} : onFrom(start)) };
}

/** Nothing comes before the first entry. */
const onFrom = (seq: number) => (seq > 1 ? { next: seq } : {});

/** The number after the newest entry, or after the newest one before that moment. */
function numberAfter(db: Database, until: Instant | undefined): number {
  const last = db
    .select({ seq: audit.seq })
    .from(audit)
    .where(until === undefined ? undefined : lt(audit.at, isoOf(until)))
    .orderBy(desc(audit.seq))
    .limit(1)
    .get();
  return (last?.seq ?? 0) + 1;
}

/** Is the entry of this number older than anything that is looked for? */
function isBefore(db: Database, seq: number, since: Instant | undefined): boolean {
  if (since === undefined) return false;
  const entry = db
    .select({ at: audit.at })
    .from(audit)
    .where(gte(audit.seq, seq))
    .orderBy(asc(audit.seq))
    .limit(1)
    .get();
  return entry !== undefined && entry.at < isoOf(since);
}

function asked({ about, service, by, action, outcome, since, until }: EntrySearch): SQL[] {
  const at = [
    ...(since === undefined ? [] : [gte(audit.at, isoOf(since))]),
    ...(until === undefined ? [] : [lt(audit.at, isoOf(until))]),
  ];
  const is = (path: string, value: string | undefined) =>
    value === undefined ? [] : [eq(field(path), value)];
  return [
    ...at,
    ...(about === undefined ? [] : [sql`${field(`$.target.${about}`)} is not null`]),
    ...is('$.target.service', service),
    ...is('$.actor.kind', by?.kind),
    ...is('$.actor.id', by?.id),
    ...is('$.action', action),
    ...is('$.outcome', outcome),
  ];
}

const field = (path: string) => sql`json_extract(${audit.body}, ${path})`;
const isoOf = (at: Instant) => new Date(at).toISOString();
