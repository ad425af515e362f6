import { sql } from '#db/drizzle.ts';
import { releases, splitKeys } from '#db/schema.ts';
import type { LogRollUp } from '#domain/roll-up.ts';
import type { Instant } from '#domain/time.ts';
import type { Database } from '#store/sqlite/database.ts';

/** In these the candidate has a share of traffic, so a version is drawn for each user. */
const SERVING = sql`('progressing', 'paused')`;

export type SplitKeys = ReturnType<typeof createSplitKeys>;

/** Counts each user once a step, however much they ask; added to inside a transaction. */
export function createSplitKeys(db: Database) {
  return {
    add: (rollUps: readonly LogRollUp[]): void => {
      const drawn = rollUps.filter(({ assigned }) => assigned === 'split');
      for (const place of placesOf(db, drawn))
        for (const rollUp of drawn) if (isOf(place, rollUp)) addLots(db, place, rollUp);
    },
    /** How many lots each version was drawn in this step of a release. */
    drawn: (release: number, step: number): ReadonlyMap<string, number> => {
      const rows = db.all<{ version: string; lots: number }>(sql`
        select version, lots from ${splitKeys}
        where release = ${release} and step = ${step} and key = ''`);
      return new Map(rows.map(({ version, lots }) => [version, lots]));
    },
    prune: (endedSince: Instant, limit: number): number =>
      pruneSteps(db, limit) + pruneReleases(db, endedSince, limit),
  };
}

type Place = {
  readonly release: number;
  readonly step: number;
  readonly service: string;
  readonly stable: string;
  readonly candidate: string;
};

/** The steps that divide the traffic of these services now. */
function placesOf(db: Database, rollUps: readonly LogRollUp[]): readonly Place[] {
  const names = JSON.stringify([...new Set(rollUps.map(({ service }) => service))]);
  return db.all<Place>(sql`
    select id as release, state ->> 'step' as step, service, stable, candidate from ${releases}
    where live = 1 and phase in ${SERVING} and service in (select value from json_each(${names}))`);
}

const isOf = ({ service, stable, candidate }: Place, rollUp: LogRollUp) =>
  rollUp.service === service && (rollUp.version === stable || rollUp.version === candidate);

function addLots(db: Database, { release, step }: Place, rollUp: LogRollUp): void {
  const { version, keys, keyless } = rollUp;
  // One statement for all users of a minute, most of whom are known already.
  const { changes: fresh } = db.run(sql`
    insert or ignore into ${splitKeys} (release, step, version, key, lots)
    select ${release}, ${step}, ${version}, value, 0 from json_each(${JSON.stringify(keys)})`);
  if (fresh + keyless === 0) return;
  db.run(sql`
    insert into ${splitKeys} (release, step, version, key, lots)
    values (${release}, ${step}, ${version}, '', ${fresh + keyless})
    on conflict (release, step, version, key) do update set lots = lots + excluded.lots`);
}

/** What a release has passed; nobody asks about it any more. */
const pruneSteps = (db: Database, limit: number) =>
  db.run(sql`
    delete from ${splitKeys} where rowid in (
      select passed.rowid from ${releases} as live
      join ${splitKeys} as passed
        on passed.release = live.id and passed.step < live.state ->> 'step'
      where live.live = 1 limit ${limit})`).changes;

const pruneReleases = (db: Database, endedSince: Instant, limit: number) =>
  db.run(sql`
    delete from ${splitKeys} where rowid in (
      select gone.rowid from ${releases} as ended
      join ${splitKeys} as gone on gone.release = ended.id
      where ended.live = 0 and ended.ended_at >= ${endedSince} limit ${limit})`).changes;
