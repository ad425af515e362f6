import type { Actor, Asker } from '#domain/actor.ts';
import type { AuditDraft } from '#domain/audit.ts';
import type { Effect } from '#domain/effect.ts';
import type { Counts, EvidenceWindow, Reading } from '#domain/evidence.ts';
import type { Plan } from '#domain/plan.ts';
import type { EvidenceState } from '#domain/policy/evidence-state.ts';
import type { Refusal } from '#domain/refusal.ts';
import type { Release } from '#domain/release.ts';
import { type Result, yes } from '#domain/result.ts';
import type { Instant } from '#domain/time.ts';
import type { Verdict } from '#domain/verdict.ts';

/** A version that may not be released again until a named person unlocks it. */
export type Lock = {
  readonly version: string;
  readonly release: number;
  readonly reason: string;
  readonly by: Actor;
  readonly at: Instant;
  readonly unlocked?: { readonly by: Actor; readonly at: Instant; readonly reason: string };
};

/** Which versions traffic goes to, as it was last read back from where it is set. */
export type Applied = {
  readonly stable: string;
  readonly candidate: string;
  readonly weightPercent: number;
};

/** A service with what decisions about it need: the unit that is loaded, decided on and saved. */
export type Service = {
  readonly name: string;
  readonly archived: boolean;
  /** Absent until a first stable version is known; without one nothing may be released. */
  readonly stable?: string;
  /** Former stable versions, the newest first: where a rollback can go. */
  readonly former: readonly string[];
  readonly locks: readonly Lock[];
  readonly applied?: Applied;
  /** The release in progress, if there is one. */
  readonly live?: Release;
  /** The release that made the present stable version, while it can be rolled back. */
  readonly crowned?: Release;
  /** Who wrote the version that is released or proposed, as far as a pipeline has said. */
  readonly authors?: readonly Actor[];
  /** What happened to another release has just ended this one; only ever the outcome of a decision. */
  readonly ended?: Release;
  readonly nextReleaseId: number;
  /** What is known of an earlier try of the candidate that is being proposed. */
  readonly earlier?: {
    readonly release: number;
    readonly attempts: number;
    readonly endedAt: Instant;
    readonly evidence: EvidenceState | null;
  };
};

export type ServiceIntent =
  | {
      readonly to: 'start';
      readonly by: Asker;
      readonly candidate: string;
      readonly plan: Plan;
      readonly digest: string;
      readonly note: string;
    }
  | {
      readonly to: 'approve';
      readonly by: Asker;
      readonly release: number;
      readonly step: number;
      readonly digest: string;
      readonly upToStep?: number;
    }
  | {
      readonly to: 'decline';
      readonly by: Asker;
      readonly release?: number;
      readonly reason: string;
    }
  | { readonly to: 'promote'; readonly by: Asker; readonly release?: number }
  | {
      readonly to: 'pause' | 'resume' | 'abort';
      readonly by: Asker;
      readonly release?: number;
      readonly reason: string;
    }
  | {
      readonly to: 'rollback';
      readonly by: Asker;
      readonly release?: number;
      readonly version?: string;
      readonly reason: string;
    }
  | { readonly to: 'unlock'; readonly by: Asker; readonly version: string; readonly reason: string }
  | { readonly to: 'acknowledge'; readonly by: Asker; readonly release: number }
  | {
      readonly to: 'observe';
      readonly by: Asker;
      readonly release: number;
      readonly reading: Reading;
      /** How often it is looked, where that is not as often as the plan says. */
      readonly lookMs?: number;
      readonly history?: readonly Counts[];
    }
  | { readonly to: 'confirm_traffic'; readonly by: Asker; readonly applied: Applied }
  | {
      readonly to: 'escalate';
      readonly by: Asker;
      readonly release: number;
      readonly waitedMs: number;
      readonly paged: boolean;
    };
export type ServiceIntentName = ServiceIntent['to'];
export type IntentTo<Name extends ServiceIntentName> = ServiceIntent & { readonly to: Name };

/** A closed window of evidence together with what the policy said about it. */
export type JudgedWindow = {
  readonly release: number;
  readonly step: number;
  readonly window: EvidenceWindow;
  readonly verdict: Verdict;
};

/** What a decision changes, all of it committed together. */
export type Change<State> = {
  readonly next: State;
  /** Absent when nothing happened that anybody would look for: a poll that changed no verdict. */
  readonly audit?: AuditDraft;
  readonly owes: readonly Effect[];
  readonly judged?: JudgedWindow;
};
export type Decision<State> = Result<Change<State>, Refusal>;

/** Nothing to do: nothing is written, nothing is owed. */
export const unchanged = <State>(state: State) => yes<Change<State>>({ next: state, owes: [] });

/** Is this version locked now? An unlocked entry stays on file but no longer binds. */
export const lockOn = (service: Service, version: string) =>
  service.locks.find((lock) => lock.version === version && !lock.unlocked);

/** The release that a command without a number is about. */
export const currentRelease = (service: Service) => service.live ?? service.crowned;

/** The service as it is once nothing is in progress. */
export function withoutLive(service: Service): Service {
  const { live: _, ...rest } = service;
  return rest;
}

/** Puts a changed release back where it stands in its service. */
export function withRelease(service: Service, release: Release): Service {
  if (service.live?.facts.id === release.facts.id) return { ...service, live: release };
  if (service.crowned?.facts.id === release.facts.id) return { ...service, crowned: release };
  return { ...service, live: release };
}
