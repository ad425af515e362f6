import type { Actor } from '#domain/actor.ts';
import type { Plan, Step } from '#domain/plan.ts';
import type { EvidenceState } from '#domain/policy/evidence-state.ts';
import { assert } from '#domain/result.ts';
import type { Instant } from '#domain/time.ts';
import type { Verdict } from '#domain/verdict.ts';

/** What never changes about a release once it is proposed. */
export type ReleaseFacts = {
  readonly id: number;
  readonly service: string;
  readonly stable: string;
  readonly candidate: string;
  readonly plan: Plan;
  /** Digest of service, versions and plan: what an approval is bound to. */
  readonly digest: string;
  readonly requestedBy: Actor;
  readonly requestedAt: Instant;
  readonly note: string;
  /** How many times this candidate had traffic before, so that its card can say which attempt it is. */
  readonly earlierAttempts: number;
};

/** Somebody asks to enter a step. Step number `plan.steps.length` means completion. */
export type Ask = {
  readonly step: number;
  readonly by: Actor;
  readonly at: Instant;
  /** On evidence too thin for `allow`: two people judge instead, and everything says so. */
  readonly judged: boolean;
};

/** A second person's yes, bound to one proposal by its digest. */
export type Approval = {
  readonly step: number;
  readonly upToStep: number;
  readonly by: Actor;
  readonly at: Instant;
  readonly digest: string;
  readonly judged: boolean;
};

/** One incident: opened by a stop or a rollback, closed once recovery is verified. */
export type Incident = {
  readonly openedAt: Instant;
  readonly acknowledgedBy?: Actor;
  /** When it went on to the second channel, because nobody had seen it. */
  readonly escalatedAt?: Instant;
  readonly closedAt?: Instant;
};

/** What goes along with a release through its phases. */
export type ReleaseRecord = {
  readonly facts: ReleaseFacts;
  readonly approvals: readonly Approval[];
  /** The requester and whoever pressed *Promote*: none of them may approve. */
  readonly excluded: readonly Actor[];
  readonly evidence: EvidenceState | null;
  readonly verdict?: Verdict;
  readonly verdictAt?: Instant;
  readonly incident?: Incident;
  /** Every verdict has been `no_data` since then, and whether people were told that it lasts. */
  readonly unknown?: { readonly since: Instant; readonly isTold: boolean };
  /** Evidence of an earlier try of the same candidate; this release goes on from it. */
  readonly earlier?: EvidenceState;
};

/** Traffic is being taken back to `to`, and what follows until that is known to have worked. */
type Return = {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly by: Actor;
};

export type PhaseState =
  | { readonly phase: 'proposed'; readonly ask: Ask }
  | {
      readonly phase: 'progressing';
      readonly step: number;
      readonly since: Instant;
      readonly judged: boolean;
      readonly ask?: Ask;
      /** *Approve up to …* covers the steps until this one. */
      readonly grantedUpTo?: number;
      /** An approver said no to the next step: it is asked for again only by hand. */
      readonly declinedBy?: Actor;
      /** Mode `ask`: the policy wants to roll back, and since when people have been asked. */
      readonly stopAskedAt?: Instant;
      readonly heldTooLongTold?: boolean;
    }
  | {
      readonly phase: 'paused';
      readonly step: number;
      readonly since: Instant;
      readonly judged: boolean;
      readonly by: Actor;
      readonly reason: string;
      readonly stopAskedAt?: Instant;
    }
  | ({ readonly phase: 'rolling_back'; readonly since: Instant } & Return)
  | ({
      readonly phase: 'recovering';
      readonly since: Instant;
      /** Healthy without interruption since then; absent while it is not. */
      readonly healthySince?: Instant;
      readonly notRecoveringTold?: boolean;
    } & Return)
  | ({
      readonly phase: 'rolled_back';
      readonly at: Instant;
      /** Somebody ended the verification, because it could not come to an end by itself. */
      readonly unverified?: { readonly by: Actor; readonly reason: string };
    } & Return)
  | {
      readonly phase: 'completed';
      readonly at: Instant;
      readonly watchUntil: Instant;
      readonly watchOver: boolean;
      readonly judged: boolean;
    }
  | { readonly phase: 'aborted'; readonly at: Instant; readonly by: Actor; readonly reason: string }
  | {
      readonly phase: 'declined';
      readonly at: Instant;
      readonly by: Actor;
      readonly reason: string;
    };

export type Release = ReleaseRecord & PhaseState;
export type Phase = Release['phase'];
export type In<P extends Phase> = Release & { readonly phase: P };

/** A release in one of these is the one live release of its service. */
const LIVE = ['proposed', 'progressing', 'paused', 'rolling_back', 'recovering'] as const;
export const isLive = (release: Release) => (LIVE as readonly Phase[]).includes(release.phase);

/** In these the candidate has traffic and the policy looks at its evidence. */
export const isServing = (release: Release): release is In<'progressing'> | In<'paused'> =>
  release.phase === 'progressing' || release.phase === 'paused';

export function stepAt(plan: Plan, step: number): Step {
  const found = plan.steps[step];
  assert(found, `step ${step} is on the ladder of ${plan.steps.length}`);
  return found;
}

/** The candidate's share in percent at a step: the last one leaves the holdback to stable. */
export function weightAt(plan: Plan, step: number): number {
  const { weightPercent } = stepAt(plan, step);
  const isLast = step === plan.steps.length - 1;
  return isLast ? Math.min(weightPercent, 100 - plan.holdbackPercent) : weightPercent;
}

/** The candidate's share of traffic now; testers have it besides while the release is serving. */
export const weightOf = (release: Release) =>
  isServing(release) ? weightAt(release.facts.plan, release.step) : 0;

/** Entering full weight needs a person, unless the plan says that nobody need be there. */
export function needsApproval(plan: Plan, step: number): boolean {
  const { approval, weightPercent } = stepAt(plan, step);
  return approval || (weightPercent === 100 && !plan.unattendedFull);
}

/** What was asked and granted is void; whoever still wants it asks anew. */
export function withoutAsk<R extends In<'progressing'> | In<'paused'>>(release: R): R {
  if (release.phase === 'paused') return release;
  const { ask: _ask, grantedUpTo: _granted, ...rest } = release;
  return rest as R;
}

/** Nobody looks at it any more, and an alert that was about it is closed. */
export function withoutWatch(release: In<'completed'>, at: Instant): In<'completed'> {
  const { incident } = release;
  if (!incident) return { ...release, watchOver: true };
  return { ...release, watchOver: true, incident: { closedAt: at, ...incident } };
}

/** What a release keeps when it changes its phase. */
export function recordOf(release: Release): ReleaseRecord {
  const { facts, approvals, excluded, evidence, verdict, verdictAt } = release;
  const { incident, unknown, earlier } = release;
  return {
    facts,
    approvals,
    excluded,
    evidence,
    ...(verdict && { verdict }),
    ...(verdictAt !== undefined && { verdictAt }),
    ...(incident && { incident }),
    ...(unknown && { unknown }),
    ...(earlier && { earlier }),
  };
}
