/** What a disk would hold. It outlives the process that wrote it, so a crash forgets nothing here. */
import type { Flag } from '#domain/flag.ts';
import type { KillSwitch } from '#domain/killswitch.ts';
import type { Refusal } from '#domain/refusal.ts';
import type { Release } from '#domain/release.ts';
import type { Review } from '#domain/review.ts';
import type { Roles } from '#domain/roles.ts';
import type { JudgedWindow, Service } from '#domain/service.ts';
import type { Instant } from '#domain/time.ts';
import type { RegisteredVersion } from '#domain/version.ts';
import type { ChainedEntry } from '#store/chain.ts';
import type { JournaledKill, Owed, Place, Share } from '#store/port.ts';

export type Debt = Owed & {
  readonly subject: string | null;
  readonly priority: number;
  readonly share: Share;
  readonly notBefore: Instant;
};

export type Answered = { readonly auditSeq: number | null; readonly refusal?: Refusal };

/** A service without what is looked up for it each time. */
export type ServiceRow = Omit<
  Service,
  'live' | 'crowned' | 'ended' | 'authors' | 'nextReleaseId' | 'earlier'
>;

export type Disk = {
  readonly services: Map<string, ServiceRow>;
  readonly releases: Map<number, Release>;
  /** The same ones by service, the oldest first. */
  readonly releasesOf: Map<string, Release[]>;
  readonly flags: Map<string, Flag>;
  readonly killSwitches: Map<string, KillSwitch>;
  readonly versions: Map<string, RegisteredVersion>;
  readonly windows: Map<string, JudgedWindow>;
  readonly register: ChainedEntry[];
  readonly reviews: Map<number, Review>;
  roles?: Roles;
  readonly inbox: Map<string, Answered>;
  /** What is still owed, in the order it came. */
  readonly owed: Map<number, Debt>;
  /** Which debt is about a subject, of which one is owed at most. */
  readonly owedOf: Map<string, number>;
  /** The oldest of each lane; undefined once something changed, until somebody asks. */
  heads: readonly Debt[] | undefined;
  readonly messages: Map<string, Place>;
  readonly journal: Map<string, JournaledKill>;
  lastDebt: number;
};

export const emptyDisk = (): Disk => ({
  services: new Map(),
  releases: new Map(),
  releasesOf: new Map(),
  flags: new Map(),
  killSwitches: new Map(),
  versions: new Map(),
  windows: new Map(),
  register: [],
  reviews: new Map(),
  inbox: new Map(),
  owed: new Map(),
  owedOf: new Map(),
  heads: undefined,
  messages: new Map(),
  journal: new Map(),
  lastDebt: 0,
});
