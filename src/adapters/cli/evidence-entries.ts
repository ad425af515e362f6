/** What the register says about a release, and about the time in which agents ran it. */
import { z } from 'zod';
import type { Release } from '#domain/release.ts';
import type { ChainedEntry } from '#store/chain.ts';

const Body = z.object({
  at: z.string(),
  actor: z.object({ kind: z.string(), id: z.string() }),
  action: z.string(),
  target: z.object({
    service: z.string().optional(),
    release: z.number().optional(),
    version: z.string().optional(),
    killswitch: z.string().optional(),
  }),
  from: z.string(),
  to: z.string(),
  step: z.object({ number: z.number(), weight_percent: z.number() }).optional(),
  switch_status: z.string().optional(),
  reason: z.string(),
  outcome: z.string(),
  origin: z
    .object({ via: z.string(), channel: z.string().optional(), message: z.string().optional() })
    .optional(),
  /** It waits, or waited, for its review. */
  emergency: z.boolean().optional(),
  details: z.object({ entry: z.number().optional() }).optional(),
});

export type EvidenceEntry = Omit<z.infer<typeof Body>, 'details'> & {
  readonly seq: number;
  /** Of a review: the number of the entry that it is about. */
  readonly reviews?: number;
  readonly hash: string;
  readonly by: string;
};

export type ReleaseEntries = {
  readonly own: readonly EvidenceEntry[];
  /** Kill switches thrown by hand, and doubts about the register: they name no release. */
  readonly meanwhile: readonly EvidenceEntry[];
  /** When a pipeline told what the candidate is. */
  readonly registered: readonly EvidenceEntry[];
  /** What somebody else found about the emergencies among them, whenever that was. */
  readonly reviews: readonly EvidenceEntry[];
};

const MEANWHILE = ['kill_on', 'kill_off', 'doubt_register', 'accept_register'];
const REGISTERED = 'register_version';
export const REVIEWED = 'emergency_reviewed';

export function entriesAbout(entries: Iterable<ChainedEntry>, release: Release): ReleaseEntries {
  const { id, service, candidate, requestedAt } = release.facts;
  const own: EvidenceEntry[] = [];
  const meanwhile: EvidenceEntry[] = [];
  const registered: EvidenceEntry[] = [];
  const reviews: EvidenceEntry[] = [];
  const over = endOf(release);
  for (const stored of entries) {
    if (!mayMatter(stored.body, id)) continue;
    const entry = readEntry(stored);
    const { target, action, outcome, at } = entry;
    const atMs = Date.parse(at);
    if (action === REVIEWED && outcome === 'done') reviews.push(entry);
    if (target.release === id) own.push(entry);
    else if (action === REGISTERED) {
      if (target.service === service && target.version === candidate) registered.push(entry);
    } else if (target.release === undefined && outcome === 'done' && MEANWHILE.includes(action))
      if (atMs >= requestedAt && atMs <= over) meanwhile.push(entry);
  }
  const shown = new Set([...own, ...meanwhile].map(({ seq }) => seq));
  const isOfThese = ({ reviews: about = 0 }: EvidenceEntry) => shown.has(about);
  return { own, meanwhile, registered, reviews: reviews.filter(isOfThese) };
}

/** Most of a long register is about other things, and reading all of it as JSON takes its time. */
const mayMatter = (body: string, release: number) =>
  body.includes(`"release":${release}`) ||
  [...MEANWHILE, REGISTERED, REVIEWED].some((action) => body.includes(`"action":"${action}"`));

export function readEntry({ seq, body, hash }: ChainedEntry): EvidenceEntry {
  const { details, ...entry } = Body.parse(JSON.parse(body));
  const { kind, id } = entry.actor;
  const about = entry.action === REVIEWED ? details?.entry : undefined;
  return {
    ...{ seq, hash: hash.toString('hex'), by: `${kind}:${id}` },
    ...entry,
    ...(about !== undefined && { reviews: about }),
  };
}

/** A completed release is watched for a while; one that is live has no end yet. */
function endOf(release: Release): number {
  if (release.phase === 'completed') return release.watchUntil;
  return 'at' in release ? release.at : Number.POSITIVE_INFINITY;
}
