/**
 * Every promise by its name. A row is loaded when its turn comes, so that none is in another's way:
 * `name: async () => (await import('#test/torture/name.ts')).run`.
 */
import type { RunRow } from '#test/torture/row.ts';

export const ROWS: Readonly<Record<string, () => Promise<RunRow>>> = {
  duplicates: async () => (await import('#test/torture/duplicates.ts')).run,
  'slack-outage': async () => (await import('#test/torture/slack-outage.ts')).run,
  crash: async () => (await import('#test/torture/crash.ts')).run,
  'power-cut': async () => (await import('#test/torture/power-cut.ts')).run,
  fuzz: async () => (await import('#test/torture/fuzz.ts')).run,
  simulation: async () => (await import('#test/torture/simulation.ts')).run,
  tamper: async () => (await import('#test/torture/tamper.ts')).run,
  'kill-states': async () => (await import('#test/torture/kill-states.ts')).run,
  'cold-start': async () => (await import('#test/torture/cold-start.ts')).run,
};
