import type { Obedience } from '#adapters/agents/obedience.ts';
import type { SnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import type { InSpan } from '#adapters/otel/spans.ts';
import type { Directory } from '#adapters/slack/inbound/directory.ts';
import type { PeopleLimits } from '#adapters/slack/inbound/people-limits.ts';
import type { Applied } from '#domain/service.ts';
import type { Settings } from '#domain/settings.ts';
import type { Clock } from '#operations/clock.ts';
import type { Logger } from '#operations/logger.ts';
import type { Scrub } from '#operations/withhold-secrets.ts';
import type { ChangeStore, Journal } from '#store/port.ts';
import type { Queries } from '#store/queries.ts';

/** How Slack is reached, and where Slack reaches us. */
export type SlackConnection = {
  readonly botToken: string;
  readonly signingSecret: string;
  /** With it there is no port to reach: the app calls Slack over a web socket. */
  readonly appToken?: string;
  /** Ends in `/api/`. */
  readonly apiUrl: string;
  readonly host: string;
  readonly port: number;
};

/** What is measured; the labels are bounded: kinds and methods, never people or words. */
export type SlackObserver = {
  readonly ack: (what: { readonly kind: DeliveryKind; readonly ms: number }) => void;
  readonly call: (what: {
    readonly method: string;
    readonly outcome: string;
    readonly ms: number;
  }) => void;
};
export type DeliveryKind = 'command' | 'button' | 'modal' | 'other';

export type ObedienceOf = (switchName: string) => Promise<Obedience>;

/** What agents are answered at this moment, as whoever answers them says. */
export type Answered = {
  readonly isKilled: (switchName: string) => Promise<boolean>;
  readonly trafficOf: (service: string) => Promise<Applied>;
};

/** What main hands over. Everything else is made in `createSlackApp`. */
export type SlackInboundDeps = {
  readonly slack: SlackConnection;
  readonly store: ChangeStore;
  readonly queries: Queries;
  readonly settings: () => Settings;
  readonly snapshots: SnapshotHolder;
  readonly journal: Journal;
  readonly uniqueId: () => string;
  /** Which channel goes by this name, once something was posted there; undefined until then. */
  readonly channelId: (name: string) => string | undefined;
  readonly obedienceOf: ObedienceOf;
  readonly answered: Answered;
  readonly clock: Clock;
  /** Milliseconds that never jump. */
  readonly monotonicMs: () => number;
  /** A number from 0 to 1, for the short references in apologies. */
  readonly dice: () => number;
  readonly scrub: Scrub;
  readonly inSpan: InSpan;
  readonly log: Logger;
  readonly observe: SlackObserver;
};

/** What the answers to commands and clicks need. They know nothing of Slack's wire. */
export type AnswerDeps = Omit<
  SlackInboundDeps,
  'slack' | 'dice' | 'scrub' | 'inSpan' | 'observe'
> & {
  readonly directory: Directory;
  readonly limits: PeopleLimits;
};

/** Who asks, as a delivery names them; what they may is looked up when it is needed. */
export type Person = { readonly userId: string; readonly teamId: string };

/** Where somebody asked: a channel, or where nobody but them is, which includes the Home tab. */
export type Place = { readonly channelId: string; readonly channelName: string } | 'in_private';

/** One request of a person: a command's words, or what a button or a modal stands for. */
export type Asking = {
  readonly person: Person;
  /** Undefined when the delivery did not say; that is not enough to let more through. */
  readonly place: Place | undefined;
  /** The message whose button was pressed. */
  readonly message?: string;
  /** The same delivery has the same key, so that it is decided once. */
  readonly inboxKey: string;
};
