import type { Actor } from '#domain/actor.ts';
import type { AuditDraft } from '#domain/audit.ts';
import type { EvidenceWindow } from '#domain/evidence.ts';
import type { Flag } from '#domain/flag.ts';
import type { KillSwitch } from '#domain/killswitch.ts';
import type { Release } from '#domain/release.ts';
import type { Review, Reviews } from '#domain/review.ts';
import type { Service } from '#domain/service.ts';
import type { Instant } from '#domain/time.ts';
import type { Verdict } from '#domain/verdict.ts';
import type { RegisteredVersion } from '#domain/version.ts';

/** A judged window as it is shown in charts and tables. */
export type PastWindow = {
  readonly step: number;
  readonly window: EvidenceWindow;
  readonly says: Verdict['says'];
  readonly reason: Verdict['reason'];
  readonly words: string;
};

/** One entry of the register, read for people. */
export type PastEntry = { readonly seq: number; readonly body: unknown };

/** What somebody looks for in the register; what is absent does not matter. */
export type EntrySearch = {
  readonly about?: 'service' | 'killswitch' | 'flag';
  readonly service?: string;
  readonly by?: Partial<Actor>;
  readonly action?: string;
  readonly outcome?: AuditDraft['outcome'];
  readonly since?: Instant;
  /** Not included. */
  readonly until?: Instant;
  /** Only entries with smaller numbers than this. */
  readonly before?: number;
  readonly limit: number;
};

/** Newest first. `next` says where to look on; without it the register was looked through. */
export type FoundEntries = { readonly entries: readonly PastEntry[]; readonly next?: number };

/** Questions to the database. Each answers one thing and changes nothing. */
export type Queries = {
  readonly services: () => readonly Service[];
  readonly service: (name: string) => Service | undefined;
  /** Services that a poll has to look at: a live release, or a new stable that is being watched. */
  readonly polledServices: () => readonly string[];
  readonly release: (id: number) => Release | undefined;
  readonly history: (service: string | undefined, limit: number) => readonly Release[];
  readonly releasesByPhase: () => ReadonlyMap<string, number>;
  readonly windows: (release: number, limit: number) => readonly PastWindow[];
  readonly flags: () => readonly Flag[];
  readonly flag: (key: string) => Flag | undefined;
  readonly killSwitches: () => readonly KillSwitch[];
  /** Versions that were registered or whose agents have reported. */
  readonly knownVersions: (service: string) => readonly string[];
  /** Versions that a pipeline registered. */
  readonly registeredVersions: (service: string) => readonly string[];
  readonly registeredVersion: (service: string, version: string) => RegisteredVersion | undefined;
  /** Traffic of a service in the last day, for previews; undefined when nothing was recorded. */
  readonly traffic: (service: string, at: Instant) => Traffic | undefined;
  /** Those that wait, the oldest first, as far as anybody would read on. */
  readonly waitingReviews: () => Reviews;
  /** Those of which people are still to be reminded: of the last days only, however many wait. */
  readonly reviewsToRemind: () => Reviews;
  readonly review: (entry: number) => Review | undefined;
  /** What waits or was reviewed about one release, the oldest first. */
  readonly reviewsOf: (release: number) => Reviews;
  readonly lastEntries: (limit: number) => readonly PastEntry[];
  /** Looks through a bounded stretch of the register at a time, so that nothing else waits long. */
  readonly searchEntries: (search: EntrySearch) => FoundEntries;
};

export type Traffic = {
  readonly requestsPerDay: number;
  /** Distinct targeting keys seen, as far as agents sent them. */
  readonly distinctKeys: number;
  readonly badRate: number;
};
