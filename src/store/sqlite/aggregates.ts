import { and, desc, eq, inArray, isNotNull, max, sql } from '#db/drizzle.ts';
import { flags, killSwitches, releases, services, versions } from '#db/schema.ts';
import { type Flag, newFlag } from '#domain/flag.ts';
import { type KillSwitch, untouched } from '#domain/killswitch.ts';
import type { Service } from '#domain/service.ts';
import { asInstant } from '#domain/time.ts';
import type { RegisteredVersion } from '#domain/version.ts';
import { actorFrom, actorText, decode } from '#store/codec.ts';
import type { Aggregate, AggregateKind, Aggregates } from '#store/port.ts';
import type { Database } from '#store/sqlite/database.ts';
import { releaseFrom, saveRelease } from '#store/sqlite/releases.ts';

type Loaded<State> = { readonly generation: number; readonly state: State };

export type AggregateFiles = {
  readonly load: (aggregate: Aggregate) => Loaded<Aggregates[AggregateKind]>;
  readonly save: (
    aggregate: Aggregate,
    next: Loaded<Aggregates[AggregateKind]>,
    before: Aggregates[AggregateKind],
  ) => void;
};

/** Loads and saves whole aggregates; called inside the one transaction only. */
export function createAggregateFiles(db: Database): AggregateFiles {
  const loaders = {
    service: createServiceLoader(db),
    flag: (aggregate: Aggregate) => loadFlag(db, aggregate.name),
    killswitch: (aggregate: Aggregate) => loadKillSwitch(db, aggregate.name),
    version: (aggregate: Aggregate) => loadVersion(db, aggregate.name),
    register: () => ({ generation: 0, state: null }),
  };
  return {
    load: (aggregate) => loaders[aggregate.kind](aggregate),
    save: ({ kind }, next, before) => {
      const { state, generation } = next;
      // The kind names the type of the state, a link between two unions that types cannot follow.
      if (kind === 'service')
        saveService(db, state as Service, before as Service | undefined, generation);
      if (kind === 'flag') saveFlag(db, state as Flag, generation);
      if (kind === 'killswitch') saveKillSwitch(db, state as KillSwitch, generation);
      if (kind === 'version') saveVersion(db, state as RegisteredVersion);
    },
  };
}

function createServiceLoader(db: Database) {
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
  const lastId = db
    .select({ id: max(releases.id) })
    .from(releases)
    .prepare();

  return ({ name, candidate }: Aggregate): Loaded<Service | undefined> => {
    const found = row.get({ name });
    if (!found) return { generation: 0, state: undefined };
    const where = `service ${name}`;
    const liveRow = live.get({ name });
    const crownedRow =
      found.stable === null ? undefined : crowned.get({ name, stable: found.stable });
    const earlier = candidate === undefined ? undefined : findEarlier(db, name, candidate);
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
        nextReleaseId: (lastId.get()?.id ?? 0) + 1,
        ...(earlier && { earlier }),
      },
    };
  };
}

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
        isNotNull(releases.endedAt),
      ),
    )
    .orderBy(desc(releases.id))
    .all();
  const [last] = tries;
  if (!last) return undefined;
  return {
    attempts: tries.length,
    endedAt: asInstant(last.endedAt ?? 0),
    evidence:
      last.evidence === null ? null : decode('evidence', last.evidence, `release ${last.id}`),
  };
}

function saveService(
  db: Database,
  service: Service,
  before: Service | undefined,
  generation: number,
): void {
  const { name, archived, former, locks } = service;
  const values = {
    name,
    archived,
    stable: service.stable ?? null,
    former,
    locks,
    applied: service.applied ?? null,
    generation,
  };
  db.insert(services)
    .values(values)
    .onConflictDoUpdate({ target: services.name, set: values })
    .run();
  // What ended goes first: the file itself allows one live release a service.
  for (const release of [service.aborted, service.crowned, service.live]) {
    const isChanged = release !== before?.live && release !== before?.crowned;
    if (release && isChanged) saveRelease(db, release);
  }
}

function loadFlag(db: Database, key: string): Loaded<Flag> {
  const row = db.select().from(flags).where(eq(flags.key, key)).get();
  return row
    ? { generation: row.generation, state: flagFrom(row) }
    : { generation: 0, state: newFlag(key) };
}

/** A flag as it was saved. */
export function flagFrom(row: typeof flags.$inferSelect): Flag {
  const where = `flag ${row.key}`;
  return {
    key: row.key,
    state: row.state as Flag['state'],
    percent: row.percent,
    allowed: decode('allowed', row.allowed, where),
    archived: row.archived,
    requests: row.requests,
    ...(row.request !== null && { request: decode('request', row.request, where) }),
    bucketing: 1,
  };
}

function saveFlag(db: Database, flag: Flag, generation: number): void {
  const values = { ...flag, request: flag.request ?? null, generation };
  db.insert(flags).values(values).onConflictDoUpdate({ target: flags.key, set: values }).run();
}

function loadKillSwitch(db: Database, name: string): Loaded<KillSwitch> {
  const row = db.select().from(killSwitches).where(eq(killSwitches.name, name)).get();
  return row
    ? { generation: row.generation, state: killSwitchFrom(row) }
    : { generation: 0, state: untouched(name) };
}

/** A kill switch as it was saved. */
export function killSwitchFrom(row: typeof killSwitches.$inferSelect): KillSwitch {
  const { name, isOn, reason, changedBy, changedAt } = row;
  return { name, isOn, reason, changedBy: actorFrom(changedBy), changedAt: asInstant(changedAt) };
}

function saveKillSwitch(db: Database, killSwitch: KillSwitch, generation: number): void {
  const { name, isOn, reason, changedBy, changedAt } = killSwitch;
  if (!changedBy || changedAt === undefined) return;
  const values = { name, isOn, reason, changedBy: actorText(changedBy), changedAt, generation };
  db.insert(killSwitches)
    .values(values)
    .onConflictDoUpdate({ target: killSwitches.name, set: values })
    .run();
}

function loadVersion(db: Database, name: string): Loaded<RegisteredVersion | undefined> {
  const [service = '', version = ''] = name.split('@');
  const row = db
    .select()
    .from(versions)
    .where(and(eq(versions.service, service), eq(versions.version, version)))
    .get();
  return { generation: 0, state: row && versionFrom(row) };
}

/** A version as it was registered. */
export function versionFrom(row: typeof versions.$inferSelect): RegisteredVersion {
  const { service, version, commit, digest, link, registeredBy, registeredAt } = row;
  return {
    service,
    version,
    ...(commit !== null && { commit }),
    ...(digest !== null && { digest }),
    ...(link !== null && { link }),
    components: decode('components', row.components, `version ${service}@${version}`),
    registeredBy: actorFrom(registeredBy),
    registeredAt: asInstant(registeredAt),
  };
}

function saveVersion(db: Database, version: RegisteredVersion): void {
  const registeredBy = actorText(version.registeredBy);
  db.insert(versions)
    .values({ ...version, registeredBy })
    .onConflictDoNothing()
    .run();
}
