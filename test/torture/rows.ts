/**
 * Every promise by its name, with the minutes it has when all of them are tried. A row is loaded
 * when its turn comes.
 */
import type { RunRow } from '#test/torture/row.ts';

export type Promised = {
  readonly minutes: number;
  /** It measures times, or keeps both processors busy. */
  readonly alone?: true;
  readonly load: () => Promise<RunRow>;
};

/** Those that measure times go first, while nothing else is warm; then the longest. */
export const ROWS: Readonly<Record<string, Promised>> = {
  'kill-states': {
    minutes: 3,
    alone: true,
    load: async () => (await import('#test/torture/kill-states.ts')).run,
  },
  'cold-start': {
    minutes: 1.7,
    alone: true,
    load: async () => (await import('#test/torture/cold-start.ts')).run,
  },
  flood: {
    minutes: 0.6,
    alone: true,
    load: async () => (await import('#test/torture/flood.ts')).run,
  },
  streams: {
    minutes: 0.7,
    alone: true,
    load: async () => (await import('#test/torture/streams.ts')).run,
  },
  simulation: {
    minutes: 9,
    alone: true,
    load: async () => (await import('#test/torture/simulation.ts')).run,
  },
  crash: {
    minutes: 4.7,
    alone: true,
    load: async () => (await import('#test/torture/crash.ts')).run,
  },
  fuzz: {
    minutes: 3.8,
    alone: true,
    load: async () => (await import('#test/torture/fuzz.ts')).run,
  },
  soak: {
    minutes: 2.7,
    load: async () => (await import('#test/torture/soak.ts')).run,
  },
  'slack-outage': {
    minutes: 3,
    load: async () => (await import('#test/torture/slack-outage.ts')).run,
  },
  'power-cut': {
    minutes: 1.4,
    load: async () => (await import('#test/torture/power-cut.ts')).run,
  },
  duplicates: {
    minutes: 0.6,
    load: async () => (await import('#test/torture/duplicates.ts')).run,
  },
  'missed-ticks': {
    minutes: 0.7,
    load: async () => (await import('#test/torture/missed-ticks.ts')).run,
  },
  approvals: {
    minutes: 0.1,
    load: async () => (await import('#test/torture/approvals.ts')).run,
  },
  secrets: {
    minutes: 0.2,
    load: async () => (await import('#test/torture/secrets.ts')).run,
  },
  tamper: {
    minutes: 0.2,
    load: async () => (await import('#test/torture/tamper.ts')).run,
  },
};

/** What is promised and measured by another command, or not built. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  mutation: '`npm run mutation` says how many planted mutations of domain and store are noticed',
  'PostgreSQL store': 'not built, so nothing is promised of a second process that takes over',
};
