import type { Asker, Origin } from '#domain/actor.ts';
import type { AuditDraft } from '#domain/audit.ts';
import type { Effect } from '#domain/effect.ts';
import type { Flag } from '#domain/flag.ts';
import type { KillSwitch } from '#domain/killswitch.ts';
import type { Refusal } from '#domain/refusal.ts';
import type { Result } from '#domain/result.ts';
import type { Reviews } from '#domain/review.ts';
import type { Roles } from '#domain/roles.ts';
import type { Change, JudgedWindow, Service } from '#domain/service.ts';
import { type Instant, MINUTE_MS } from '#domain/time.ts';
import type { RegisteredVersion } from '#domain/version.ts';

/** What can be loaded, decided on and saved as one. The register has no state beside its entries. */
export type Aggregates = {
  readonly service: Service | undefined;
  readonly flag: Flag;
  readonly killswitch: KillSwitch;
  /** Named `service@version`. */
  readonly version: RegisteredVersion | undefined;
  readonly register: null;
  /** Named by the number of an entry, or `waiting`: all that people are still to be reminded of. */
  readonly reviews: Reviews;
  readonly roles: Roles | undefined;
};
export type AggregateKind = keyof Aggregates;
export type Aggregate<Kind extends AggregateKind = AggregateKind> = {
  readonly kind: Kind;
  readonly name: string;
  /** For a service: also load what is known of earlier tries of this version. */
  readonly candidate?: string;
};

/** A refusal is recorded too, when it was somebody who asked. */
export type Refused = { readonly refusal: Refusal; readonly audit?: AuditDraft };

export type Request = {
  readonly at: Instant;
  /** The same key is decided once; a repeated delivery gets the first outcome again. */
  readonly inboxKey?: string;
  /** By which way it was asked; the register says so. */
  readonly origin?: Origin;
  /** It lets less through, so it may use the room on the disk that is kept for that. */
  readonly isStop?: true;
  /** Somebody tries again by themselves, so a lock is not waited for: waiting blocks the process. */
  readonly isRetried?: true;
};

export type Committed<State> = {
  readonly state: State;
  /** The entry in the register, when there is one. */
  readonly auditSeq?: number;
  /** This request was decided before; nothing was done now. */
  readonly repeated: boolean;
};

/** The one way to write. The decision is synchronous by type, so nothing can wait inside of it. */
export type ChangeStore = {
  readonly change: <Kind extends AggregateKind>(
    aggregate: Aggregate<Kind>,
    decide: (state: Aggregates[Kind]) => Result<Change<Aggregates[Kind]>, Refused>,
    request: Request,
  ) => Promise<Result<Committed<Aggregates[Kind]>, Refusal>>;
  /** Called after each commit; a listener must not throw. */
  readonly onCommit: (listener: CommitListener) => void;
};

/** What a commit holds: for the snapshot agents read, for logs and for counting. */
export type Commit = {
  readonly aggregate: Aggregate;
  readonly state: Aggregates[AggregateKind];
  /** The entry it left in the register, refusals included. */
  readonly audit?: AuditDraft;
  readonly judged?: JudgedWindow;
};
export type CommitListener = (commit: Commit) => void;

/** An effect that is owed, as the reconciler gets it. */
export type Owed = {
  readonly id: number;
  readonly effect: Effect;
  readonly lane: string;
  /** Grows when the same subject becomes owed again; only the newest may be marked done. */
  readonly generation: number;
  readonly owedAt: Instant;
  readonly tries: number;
  /** It was sent to this place, and is owed until it was seen there. */
  readonly sent?: Sent;
};

/** Where something was sent: in a channel, or in a thread of it. */
export type Sent = Place & { readonly threadTs?: string };

/**
 * Nothing is asked to wait for longer. Due times are those of the wall, so what is due later than
 * this was written before the clock was set back, and is due now; so is what was never tried.
 */
export const WAIT_MS_MAX = 10 * MINUTE_MS;

/** Who carries effects out: this process by itself, the second channel, or whatever talks to Slack. */
export const SHARES = ['here', 'pages', 'slack'] as const;
export type Share = (typeof SHARES)[number];

/** Where effects wait until they are carried out. The number of tries is committed before each try. */
export type Outbox = {
  /** The heads of all lanes of one share that are due, the most urgent first. */
  readonly due: (share: Share, at: Instant, limit: number) => readonly Owed[];
  readonly trying: (owed: Owed) => void;
  readonly done: (owed: Owed, at: Instant) => void;
  readonly retry: (owed: Owed, notBefore: Instant, error: string) => void;
  /** What is being carried out was sent, and becomes owed once more: to be looked at. */
  readonly readBack: (owed: Owed, sent: Sent, notBefore: Instant) => void;
  readonly depth: () => { readonly count: number; readonly oldest?: Instant };
  readonly nextDue: () => Instant | undefined;
};

/** Where something was posted. */
export type Place = { readonly channel: string; readonly ts: string };
export type MessageLog = {
  readonly find: (subject: string) => Place | undefined;
  readonly remember: (subject: string, place: Place, at: Instant) => void;
  readonly forget: (subject: string) => void;
};

/** A kill that acts and is not committed yet, with all that its commit needs. */
export type JournaledKill = {
  /** Its key in the inbox: however often and from wherever it is committed, it is decided once. */
  readonly key: string;
  readonly at: Instant;
  readonly name: string;
  readonly by: Asker;
  readonly reason: string;
  readonly becauseOfRelease?: number;
};

/** Who appends: each has lines of its own, so that two of them never choose the same one. */
export type JournalPart = 'bot' | 'agents' | 'cli';

/** Where kills are durable before their commit, and whatever becomes of the database. */
export type Journal = {
  /** True once it is durable. What could not be written is pending all the same. */
  readonly append: (kill: JournaledKill) => boolean;
  /** Oldest first, whoever appended them, or those of one part. */
  readonly pending: (part?: JournalPart) => readonly JournaledKill[];
  /** Could a kill be written down at this moment? What is written is an empty line. */
  readonly tryWriting: () => boolean;
  /** Once it is committed. It throws when that cannot be made durable. */
  readonly clear: (key: string) => void;
};

/** How the register stands: its number of entries, their Merkle root, and the last one's hash. */
export type RegisterStand = {
  readonly size: number;
  readonly root: string;
  readonly head: string;
};

/** What checkpoints are made from and compared with, whatever the register has grown to. */
export type RegisterTree = {
  /** Reckons at most so many of the entries that are new; true once none is left. */
  readonly catchUp: (entriesMax: number) => boolean;
  /** As far as was caught up. */
  readonly stand: () => RegisterStand;
  readonly size: () => number;
  /** The hash of an entry, in hexadecimal; undefined when there is no such entry. */
  readonly hashOf: (seq: number) => string | undefined;
};
