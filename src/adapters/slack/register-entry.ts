/** An entry of the register, as far as people are shown it. */
import { z } from 'zod';
import type { PastEntry } from '#store/queries.ts';

const KINDS = ['user', 'policy', 'clock', 'token', 'cli', 'git'] as const;
const Target = z.object({
  service: z.string().optional(),
  release: z.number().optional(),
  flag: z.string().optional(),
  killswitch: z.string().optional(),
  version: z.string().optional(),
});
const Body = z.object({
  at: z.iso.datetime(),
  actor: z.object({ kind: z.enum(KINDS), id: z.string() }),
  action: z.string(),
  target: Target,
  from: z.string(),
  to: z.string(),
  step: z.object({ weight_percent: z.number() }).optional(),
  reason: z.string(),
  outcome: z.string(),
});
export type RegisterEntry = z.infer<typeof Body> & { readonly seq: number };

/** Entries that an older version wrote in another shape are left to the export. */
export const readEntries = (past: readonly PastEntry[]): readonly RegisterEntry[] =>
  past.flatMap(({ seq, body }) => {
    const read = Body.safeParse(body);
    return read.success ? [{ seq, ...read.data }] : [];
  });
