/**
 * What agents were answered last, beside the database: written anew after each change, so that they
 * can be answered when the database cannot be opened. It is never read while that works.
 */
import { readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { z } from 'zod';
import type { Snapshot } from '#domain/snapshot.ts';

export const snapshotPath = (databasePath: string) => `${databasePath}.snapshot`;

const names = z.array(z.string()).transform((list): ReadonlySet<string> => new Set(list));
const Split = z.object({
  release: z.number(),
  candidate: z.string(),
  weightPercent: z.number(),
  step: z.number(),
  testers: names,
  bucketing: z.literal(1),
});
const Service = z.object({
  name: z.string(),
  stable: z.string(),
  pinnable: names,
  split: Split.exactOptional(),
});
const Flag = z.object({
  key: z.string(),
  state: z.enum(['off', 'on', 'percentage']),
  percent: z.number(),
  allowed: names,
  bucketing: z.literal(1),
});
const byName = <Row>(row: z.ZodType<Row>) =>
  z.record(z.string(), row).transform((rows) => new Map(Object.entries(rows)));
const View = z.object({
  services: byName(Service),
  flags: byName(Flag),
  kills: names,
  switches: names,
  allKilled: z.boolean(),
});
const Stored = z.object({
  generation: z.number(),
  defaultEnvironment: z.string(),
  environments: byName(View),
  kills: names,
});

/** Undefined when there is none, or none that can be read. */
export function readSnapshotFile(path: string): Snapshot | undefined {
  try {
    return Stored.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Whole or not at all: a crash leaves the file that was there. */
export async function writeSnapshotFile(path: string, snapshot: Snapshot): Promise<void> {
  const fresh = `${path}.new`;
  const file = await open(fresh, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(snapshot, asPlain));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
}

function asPlain(_key: string, value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(value);
  return value instanceof Set ? [...value] : value;
}
