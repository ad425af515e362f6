/**
 * Every table of Signalman. Nested values that are only ever read whole are JSON; whatever is
 * looked up, counted or joined has a column. Triggers and STRICT are in the migrations, because
 * drizzle's generator knows neither.
 */
import {
  blob,
  customType,
  index,
  integer,
  primaryKey,
  sql,
  sqliteTable,
  text,
  uniqueIndex,
} from './drizzle.ts';

const instant = (name: string) => integer(name);
const flag = (name: string) => integer(name, { mode: 'boolean' });
/** Absent is NULL. Drizzle's own mode for JSON writes the word `null` where a value is given late. */
const json = customType<{ data: unknown; driverData: string | null }>({
  dataType: () => 'text',
  toDriver: (value) => (value === null ? null : JSON.stringify(value)),
  fromDriver: (stored) => (stored === null ? null : JSON.parse(stored)),
});

/** One row: which environment every name without one is in, here and in what agents ask for. */
export const defaultEnvironment = sqliteTable('default_environment', {
  id: integer().primaryKey(),
  name: text().notNull(),
});

export const services = sqliteTable('services', {
  name: text().primaryKey(),
  archived: flag('archived').notNull(),
  stable: text(),
  former: json('former').notNull(),
  locks: json('locks').notNull(),
  applied: json('applied'),
  generation: integer().notNull(),
});

export const releases = sqliteTable(
  'releases',
  {
    id: integer().primaryKey(),
    service: text().notNull(),
    stable: text().notNull(),
    candidate: text().notNull(),
    strategy: text().notNull(),
    phase: text().notNull(),
    /** At most one release of a service is live: the index below makes that a rule of the file. */
    live: flag('live').notNull(),
    digest: text().notNull(),
    requestedBy: text('requested_by').notNull(),
    requestedAt: instant('requested_at').notNull(),
    endedAt: instant('ended_at'),
    facts: json('facts').notNull(),
    state: json('state').notNull(),
    /** The evidence so far; apart from the state, because it is large and changes at each poll. */
    evidence: json('evidence'),
  },
  (table) => [
    index('releases_by_service').on(table.service, table.id),
    uniqueIndex('releases_one_live').on(table.service).where(sql`live = 1`),
    index('releases_by_candidate').on(table.service, table.candidate),
  ],
);

export const steps = sqliteTable(
  'steps',
  {
    release: integer().notNull(),
    number: integer().notNull(),
    weightPercent: integer('weight_percent').notNull(),
    dwellMs: integer('dwell_ms').notNull(),
    approval: flag('approval').notNull(),
  },
  (table) => [primaryKey({ columns: [table.release, table.number] })],
);

export const approvals = sqliteTable(
  'approvals',
  {
    release: integer().notNull(),
    step: integer().notNull(),
    upToStep: integer('up_to_step').notNull(),
    approvedBy: text('approved_by').notNull(),
    at: instant('at').notNull(),
    digest: text().notNull(),
    judged: flag('judged').notNull(),
  },
  (table) => [primaryKey({ columns: [table.release, table.step, table.at] })],
);

export const flags = sqliteTable('flags', {
  key: text().primaryKey(),
  state: text().notNull(),
  percent: integer().notNull(),
  allowed: json('allowed').notNull(),
  archived: flag('archived').notNull(),
  requests: integer().notNull(),
  request: json('request'),
  bucketing: integer().notNull(),
  generation: integer().notNull(),
});

export const killSwitches = sqliteTable('kill_switches', {
  name: text().primaryKey(),
  isOn: flag('is_on').notNull(),
  reason: text().notNull(),
  changedBy: text('changed_by').notNull(),
  changedAt: instant('changed_at').notNull(),
  generation: integer().notNull(),
});

export const versions = sqliteTable(
  'versions',
  {
    service: text().notNull(),
    version: text().notNull(),
    registeredAt: instant('registered_at').notNull(),
    registeredBy: text('registered_by').notNull(),
    commit: text(),
    digest: text(),
    link: text(),
    components: json('components').notNull(),
    authors: json('authors').notNull().default([]),
  },
  (table) => [primaryKey({ columns: [table.service, table.version] })],
);

/** Raw items as they were pushed, kept for `retention.agent_logs` and pruned in slices. */
export const agentLogs = sqliteTable(
  'agent_logs',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    receivedAt: instant('received_at').notNull(),
    service: text().notNull(),
    version: text().notNull(),
    item: json('item').notNull(),
  },
  (table) => [index('agent_logs_by_time').on(table.receivedAt)],
);

/**
 * A long batch arrives in parts, so that storing it holds nothing up. They count for nothing until
 * the batch is sealed with all of them; then each is counted once, and goes.
 */
export const agentLogParts = sqliteTable(
  'agent_log_parts',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    batch: text().notNull(),
    receivedAt: instant('received_at').notNull(),
    sealed: flag('sealed').notNull(),
    items: text().notNull(),
    rollUps: json('roll_ups').notNull(),
  },
  (table) => [index('agent_log_parts_by_batch').on(table.batch)],
);

/**
 * Whom the present step of each release has reached: routing is sticky, so it is users who are drawn
 * by lot, each once a step, and requests without a key one by one. The row with the empty key holds
 * how many lots that makes, so that a poll need not count them.
 */
export const splitKeys = sqliteTable(
  'split_keys',
  {
    release: integer().notNull(),
    step: integer().notNull(),
    version: text().notNull(),
    key: text().notNull(),
    lots: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.release, table.step, table.version, table.key] })],
);

/** Running totals of an arm, as a counter in Prometheus: they only grow, and polls take differences. */
export const agentLogTotals = sqliteTable(
  'agent_log_totals',
  {
    service: text().notNull(),
    version: text().notNull(),
    assigned: text().notNull(),
    counts: json('counts').notNull(),
    firstAt: instant('first_at').notNull(),
    lastAt: instant('last_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.service, table.version, table.assigned] })],
);

/** The same counts by minute of arrival: history for forecasts, charts and previews. */
export const agentLogMinutes = sqliteTable(
  'agent_log_minutes',
  {
    service: text().notNull(),
    version: text().notNull(),
    assigned: text().notNull(),
    minute: instant('minute').notNull(),
    counts: json('counts').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.service, table.version, table.assigned, table.minute] }),
    index('agent_log_minutes_by_time').on(table.minute),
  ],
);

/** Every judged window of every release. The end of the window is part of the key, so that one is judged once. */
export const verdicts = sqliteTable(
  'verdicts',
  {
    release: integer().notNull(),
    windowEnd: instant('window_end').notNull(),
    windowStart: instant('window_start').notNull(),
    step: integer().notNull(),
    weightPercent: integer('weight_percent').notNull(),
    candidate: json('candidate').notNull(),
    stable: json('stable').notNull(),
    says: text().notNull(),
    reason: text().notNull(),
    words: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.release, table.windowEnd] }),
    index('verdicts_by_time').on(table.windowEnd),
  ],
);

/** The register. `body` holds the canonical bytes that are hashed; `at` is for reading only. */
export const audit = sqliteTable('audit', {
  seq: integer().primaryKey(),
  at: text().notNull(),
  body: text().notNull(),
  prev: blob({ mode: 'buffer' }).notNull(),
  hash: blob({ mode: 'buffer' }).notNull(),
});

/** Emergencies by the number of their entry, until and after somebody else has looked at them. */
export const reviews = sqliteTable(
  'reviews',
  {
    entry: integer().primaryKey(),
    release: integer(),
    of: json('of').notNull(),
    reminders: integer().notNull(),
    doneBy: text('done_by'),
    doneAt: instant('done_at'),
    note: text(),
  },
  (table) => [
    index('reviews_waiting').on(table.entry).where(sql`done_at is null`),
    index('reviews_by_release').on(table.release),
  ],
);

/** One row: who holds which role by the file, as the register was told last. */
export const roles = sqliteTable('roles', {
  id: integer().primaryKey(),
  lines: json('lines').notNull(),
});

/** The Merkle tree over the register as far as it was reckoned: derived, so that no start begins at entry 1. */
export const registerFrontier = sqliteTable('register_frontier', {
  id: integer().primaryKey(),
  size: integer().notNull(),
  nodes: blob({ mode: 'buffer' }).notNull(),
});

/** What was already done, by the key of the request, and how it ended. */
export const inbox = sqliteTable(
  'inbox',
  {
    key: text().primaryKey(),
    at: instant('at').notNull(),
    auditSeq: integer('audit_seq'),
    refusal: json('refusal'),
  },
  (table) => [index('inbox_by_time').on(table.at)],
);

/** Effects owed. Done ones are kept for a while, so that "was it sent?" has an answer. */
export const outbox = sqliteTable(
  'outbox',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** Owed syncs of one subject are one row: the newest decision is what will be brought up to date. */
    subject: text(),
    effect: json('effect').notNull(),
    /** Effects of one lane are carried out in order; another lane never waits for them. */
    lane: text().notNull(),
    priority: integer().notNull(),
    /** Who carries it out; each has room of their own, so that none waits for another. */
    share: text().notNull().default('slack'),
    /** Something older of its lane is still owed. Kept here so that a long lane costs nothing. */
    behind: flag('behind').notNull().default(false),
    generation: integer().notNull(),
    owedAt: instant('owed_at').notNull(),
    notBefore: instant('not_before').notNull(),
    tries: integer().notNull(),
    /** Where it was sent, while it is still to be read back. */
    sent: json('sent'),
    lastError: text('last_error'),
    doneAt: instant('done_at'),
  },
  (table) => [
    index('outbox_open').on(table.doneAt, table.notBefore),
    index('outbox_subject').on(table.subject, table.doneAt),
    index('outbox_heads')
      .on(table.share, table.priority, table.id, table.notBefore)
      .where(sql`done_at is null and behind = 0`),
    index('outbox_lanes').on(table.lane, table.id).where(sql`done_at is null`),
  ],
);

/** Where something was posted, so that it can be edited, answered in its thread, or found again. */
export const messages = sqliteTable(
  'messages',
  {
    subject: text().primaryKey(),
    channel: text().notNull(),
    ts: text().notNull(),
    postedAt: instant('posted_at').notNull(),
  },
  (table) => [index('messages_by_place').on(table.channel, table.ts)],
);
