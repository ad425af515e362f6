import { and, eq, sql } from '#db/drizzle.ts';
import { flags, killSwitches, roles, versions } from '#db/schema.ts';
import { type Flag, newFlag } from '#domain/flag.ts';
import { type KillSwitch, untouched } from '#domain/killswitch.ts';
import type { Reviews } from '#domain/review.ts';
import type { Roles } from '#domain/roles.ts';
import type { Service } from '#domain/service.ts';
import { asInstant } from '#domain/time.ts';
import type { RegisteredVersion } from '#domain/version.ts';
import { actorFrom, actorText, decode } from '#store/codec.ts';
import type { Aggregate, AggregateKind, Aggregates } from '#store/port.ts';
import type { Database } from '#store/sqlite/database.ts';
import { createReviewFile } from '#store/sqlite/reviews.ts';
import { createServiceFile, type Loaded } from '#store/sqlite/services.ts';

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
  const serviceFile = createServiceFile(db);
  const reviewFile = createReviewFile(db);
  const loaders = {
    service: serviceFile.load,
    flag: createFlagLoader(db),
    killswitch: createKillSwitchLoader(db),
    version: (aggregate: Aggregate) => loadVersion(db, aggregate.name),
    register: () => ({ generation: 0, state: null }),
    roles: () => ({ generation: 0, state: loadRoles(db) }),
    reviews: ({ name }: Aggregate) => ({ generation: 0, state: reviewFile.load(name) }),
  };
  return {
    load: (aggregate) => loaders[aggregate.kind](aggregate),
    save: ({ kind }, next, before) => {
      const { state, generation } = next;
      // The kind names the type of the state, a link between two unions that types cannot follow.
      if (kind === 'service')
        serviceFile.save(state as Service, before as Service | undefined, generation);
      if (kind === 'flag') saveFlag(db, state as Flag, generation);
      if (kind === 'killswitch') saveKillSwitch(db, state as KillSwitch, generation);
      if (kind === 'roles') saveRoles(db, state as Roles);
      if (kind === 'reviews') reviewFile.save(state as Reviews, before as Reviews);
      if (kind === 'version') saveVersion(db, state as RegisteredVersion);
    },
  };
}

function createFlagLoader(db: Database) {
  const found = db
    .select()
    .from(flags)
    .where(eq(flags.key, sql.placeholder('name')))
    .prepare();
  return ({ name }: Aggregate): Loaded<Flag> => {
    const row = found.get({ name });
    return row
      ? { generation: row.generation, state: flagFrom(row) }
      : { generation: 0, state: newFlag(name) };
  };
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

function createKillSwitchLoader(db: Database) {
  const found = db
    .select()
    .from(killSwitches)
    .where(eq(killSwitches.name, sql.placeholder('name')))
    .prepare();
  return ({ name }: Aggregate): Loaded<KillSwitch> => {
    const row = found.get({ name });
    return row
      ? { generation: row.generation, state: killSwitchFrom(row) }
      : { generation: 0, state: untouched(name) };
  };
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
  const at = name.indexOf('@');
  const [service, version] = [name.slice(0, at), name.slice(at + 1)];
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
    authors: decode('authors', row.authors, `version ${service}@${version}`),
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

function loadRoles(db: Database): Roles | undefined {
  const row = db.select().from(roles).get();
  return row && decode('roles', row.lines, 'the roles of the file');
}

/** There is one row. */
const ID = 1;

function saveRoles(db: Database, lines: Roles): void {
  db.insert(roles)
    .values({ id: ID, lines })
    .onConflictDoUpdate({ target: roles.id, set: { lines } })
    .run();
}
