import type { Actor } from '#domain/actor.ts';
import type { Doubt } from '#domain/doubt.ts';
import type { Emergency } from '#domain/review.ts';
import type { Instant } from '#domain/time.ts';
import type { Verdict } from '#domain/verdict.ts';

/**
 * What the outside world is owed. A `sync` names what must be brought up to date, never the value
 * to send: whoever carries it out reads the state of that moment, so a late or repeated delivery
 * cannot undo a newer decision. A `tell` is an event: it is sent once, in order, and never dropped.
 */
export type Effect =
  | { readonly sync: 'traffic'; readonly service: string }
  | { readonly sync: 'card'; readonly release: number }
  | { readonly sync: 'flag_request'; readonly flag: string; readonly request: number }
  /** Should nobody have seen an alert in time, it goes on to the second channel. */
  | { readonly sync: 'escalation'; readonly release: number }
  | { readonly sync: 'welcome'; readonly channel: string }
  | { readonly sync: 'digest'; readonly at: Instant }
  /** What still waits for its review, told once a reminder. */
  | { readonly sync: 'reviews'; readonly at: Instant }
  | { readonly throw: 'killswitch'; readonly name: string; readonly release: number }
  | { readonly tell: 'thread'; readonly release: number; readonly notice: ThreadNotice }
  | { readonly tell: 'alert'; readonly release: number; readonly alert: Alert }
  /** What became of a request, for whoever made it, when it could not be said at once. */
  | {
      readonly tell: 'answer';
      readonly to: string;
      readonly channel?: string;
      readonly text: string;
    }
  | { readonly tell: 'channel'; readonly service?: string; readonly notice: ChannelNotice }
  /** A signed statement of one moment, so what is sent is the statement itself. */
  | { readonly tell: 'checkpoint'; readonly note: string };

/** What happened to a release, told in its thread. */
export type ThreadNotice =
  | {
      readonly what: 'approval_asked';
      readonly step: number;
      readonly by: Actor;
      readonly judged: boolean;
    }
  | {
      readonly what: 'step_entered';
      readonly step: number;
      readonly by: Actor;
      readonly judged: boolean;
    }
  | { readonly what: 'declined'; readonly by: Actor; readonly reason: string }
  | { readonly what: 'aborted'; readonly by: Actor; readonly reason: string }
  | { readonly what: 'paused'; readonly by: Actor; readonly reason: string }
  | { readonly what: 'resumed'; readonly by: Actor; readonly reason: string }
  | { readonly what: 'verdict_changed'; readonly verdict: Verdict }
  | { readonly what: 'held_too_long'; readonly verdict: Verdict; readonly heldMs: number }
  /** Nothing has been known for so long that somebody should look at the metrics. */
  | { readonly what: 'unknown_too_long'; readonly verdict: Verdict; readonly unknownMs: number }
  | { readonly what: 'known_again'; readonly verdict: Verdict; readonly unknownMs: number }
  | { readonly what: 'completed'; readonly by: Actor; readonly judged: boolean }
  /** With the verdict when a guard broke in it. */
  | { readonly what: 'watch_over'; readonly stop?: Verdict };

/** One incident of a release. The first opens it in the channel; the others go to its thread. */
export type Alert =
  | {
      readonly what: 'rolling_back';
      readonly from: string;
      readonly to: string;
      readonly by: Actor;
      readonly reason: string;
      readonly verdict?: Verdict;
    }
  | { readonly what: 'stop_asked'; readonly verdict: Verdict; readonly timeoutMs: number }
  | { readonly what: 'watch_stop'; readonly verdict: Verdict }
  | { readonly what: 'watch_extended'; readonly until: Instant }
  | { readonly what: 'watch_over'; readonly seenBy: Actor }
  | { readonly what: 'traffic_back'; readonly to: string; readonly windowMs: number }
  | { readonly what: 'recovered'; readonly to: string; readonly killed: readonly string[] }
  | { readonly what: 'not_recovering'; readonly words: string }
  | {
      readonly what: 'unverified';
      readonly to: string;
      readonly by: Actor;
      readonly reason: string;
    }
  | { readonly what: 'acknowledged'; readonly by: Actor }
  | { readonly what: 'unseen'; readonly waitedMs: number; readonly paged: boolean }
  | {
      readonly what: 'unlocked';
      readonly version: string;
      readonly by: Actor;
      readonly reason: string;
    }
  | Reviewed;

/** A second person has looked at an emergency. */
export type Reviewed = {
  readonly what: 'reviewed';
  readonly of: Emergency;
  readonly by: Actor;
  readonly note: string;
};

/** What changes state outside of a release, seen by the whole channel. */
export type ChannelNotice =
  /** Agents reported a version for the first time: what runs out there is what was meant, or not. */
  | {
      readonly what: 'version_heard';
      readonly service: string;
      readonly version: string;
      readonly users: number;
      readonly items: number;
    }
  | { readonly what: 'kill_on'; readonly name: string; readonly by: Actor; readonly reason: string }
  | {
      readonly what: 'kill_off';
      readonly name: string;
      readonly by: Actor;
      readonly reason: string;
    }
  | {
      readonly what: 'flag_changed';
      readonly key: string;
      readonly from: string;
      readonly to: string;
      readonly by: Actor;
      readonly approvedBy?: Actor;
    }
  | {
      readonly what: 'version_unlocked';
      readonly service: string;
      readonly version: string;
      readonly by: Actor;
      readonly reason: string;
    }
  | {
      readonly what: 'rollback_drill';
      readonly service: string;
      readonly by: Actor;
      readonly backMs: number;
    }
  | {
      readonly what: 'rollback_drill_failed';
      readonly service: string;
      readonly by: Actor;
      readonly why: string;
    }
  | {
      readonly what: 'register_in_doubt';
      readonly because: Doubt['because'];
      readonly known: number;
      readonly entries: number;
    }
  | { readonly what: 'register_accepted'; readonly by: Actor; readonly reason: string }
  | Reviewed;
