import { and, desc, eq, inArray, sql } from '#db/drizzle.ts';
import { releases, services, versions } from '#db/schema.ts';
import type { Actor } from '#domain/actor.ts';
import { assert } from '#domain/result.ts';
import type { Service } from '#domain/service.ts';
import { decode } from '#store/codec.ts';
import type { Aggregate } from '#store/port.ts';
import type { Database } from '#store/sqlite/database.ts';
import { given } from '#store/sqlite/given.ts';
import { createReleaseSaver, releaseFrom } from '#store/sqlite/releases.ts';

export type Loaded<State> = { readonly generation: number; readonly state: State };

/** Services with what is live in them; every poll and every command loads and saves one. */
export function createServiceFile(db: Database) {
  return { load: createLoader(db), save: createSaver(db) };
}

function createLoader(db: Database) {
  const row = db
    .select()
    .from(services)
    .where(eq(services.name, sql.placeholder('name')))
    .prepare();
  const live = db
    .select()
    .from(releases)
    .where(and(eq(releases.service, sql.placeholder('name')), eq(releases.live, true)))
    .prepare();
  const crowned = db
    .select()
    .from(releases)
    .where(
      and(
        eq(releases.service, sql.placeholder('name')),
        eq(releases.phase, 'completed'),
        eq(releases.candidate, sql.placeholder('stable')),
      ),
    )
    .orderBy(desc(releases.id))
    .limit(1)
    .prepare();
  const authors = db
    .select({ authors: versions.authors })
    .from(versions)
    .where(
      and(
        eq(versions.service, sql.placeholder('name')),
        eq(versions.version, sql.placeholder('version')),
      ),
    )
    .prepare();
  const newest = db
    .select({ id: releases.id })
    .from(releases)
    .orderBy(desc(releases.id))
    .limit(1)
    .prepare();

  return ({ name, candidate }: Aggregate): Loaded<Service | undefined> => {
    const found = row.get({ name });
    if (!found) return { generation: 0, state: undefined };
    const where = `service ${name}`;
    const liveRow = live.get({ name });
    // No version equals NULL: without a stable one nothing made it.
    const crownedRow = crowned.get({ name, stable: found.stable });
    const earlier = candidate === undefined ? undefined : findEarlier(db, name, candidate);
    const written = liveRow && authors.get({ name, version: liveRow.candidate })?.authors;
    return {
      generation: found.generation,
      state: {
        name,
        archived: found.archived,
        ...(found.stable !== null && { stable: found.stable }),
        former: decode('former', found.former, where),
        locks: decode('locks', found.locks, where),
        ...(found.applied !== null && { applied: decode('applied', found.applied, where) }),
        ...(liveRow && { live: releaseFrom(liveRow) }),
        ...(crownedRow && { crowned: releaseFrom(crownedRow) }),
        ...(written !== undefined && { authors: decode('authors', written, where).map(inGit) }),
        nextReleaseId: (newest.get()?.id ?? 0) + 1,
        ...(earlier && { earlier }),
      },
    };
  };
}

const inGit = (id: string): Actor => ({ kind: 'git', id });

const ENDED_WITHOUT_SUCCESS = ['aborted', 'declined', 'rolled_back'];

/** The last try of this version and how many there were: a retry goes on from its evidence. */
function findEarlier(db: Database, service: string, candidate: string): Service['earlier'] {
  const tries = db
    .select()
    .from(releases)
    .where(
      and(
        eq(releases.service, service),
        eq(releases.candidate, candidate),
        inArray(releases.phase, ENDED_WITHOUT_SUCCESS),
      ),
    )
    .orderBy(desc(releases.id))
    .all();
  const [last] = tries;
  if (!last) return undefined;
  const release = releaseFrom(last);
  assert('at' in release, 'a try that is over has an end');
  const { facts, evidence, earlier } = release;
  return {
    release: facts.id,
    // What was declined or aborted was proposed only: nobody ever had it.
    attempts: tries.filter(({ phase }) => phase === 'rolled_back').length,
    endedAt: release.at,
    // A try that ended before it counted anything hands on what it was given.
    evidence: evidence ?? earlier ?? null,
  };
}

function createSaver(db: Database) {
  const values = given(services);
  const saveRow = db
    .insert(services)
    .values(values)
    .onConflictDoUpdate({ target: services.name, set: values })
    .prepare();
  const saveRelease = createReleaseSaver(db);

  return (service: Service, before: Service | undefined, generation: number): void => {
    const { name, archived, former, locks, stable = null, applied = null } = service;
    saveRow.run({ name, archived, stable, former, locks, applied, generation });
    // What ended goes first: the file itself allows one live release a service.
    for (const release of [service.ended, service.crowned, service.live]) {
      const isChanged = release !== before?.live && release !== before?.crowned;
      if (release && isChanged) saveRelease(release);
    }
  };
}
