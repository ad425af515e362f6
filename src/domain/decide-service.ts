import { noteEscalation } from '#domain/incident.ts';
import { isVersion } from '#domain/name.ts';
import { whyNot } from '#domain/permission.ts';
import type { Refusal } from '#domain/refusal.ts';
import { needsApproval, type Release, recordOf, weightOf, withoutWatch } from '#domain/release.ts';
import { releaseEntry } from '#domain/release-entry.ts';
import { decideRelease, type ReleaseIntent } from '#domain/release-rules.ts';
import { no, yes } from '#domain/result.ts';
import { placesBack } from '#domain/rollback.ts';
import {
  type Applied,
  type Change,
  type Decision,
  type IntentTo,
  lockOn,
  type Service,
  type ServiceIntent,
  unchanged,
  withoutLive,
  withRelease,
} from '#domain/service.ts';
import { enterStep } from '#domain/step.ts';
import type { Instant } from '#domain/time.ts';

/** Everything that can happen to a service and its releases, decided without clock, I/O or chance. */
export function decideService(
  service: Service,
  intent: ServiceIntent,
  at: Instant,
): Decision<Service> {
  switch (intent.to) {
    case 'start':
      return start(service, intent, at);
    case 'unlock':
      return unlock(service, intent, at);
    case 'confirm_traffic':
      return confirmTraffic(service, intent, at);
    case 'rollback':
      return rollback(service, intent, at);
    case 'escalate':
      return noteEscalation(service, intent, at);
    default:
      return steer(service, intent, at);
  }
}

/** An intent that names a release is about that one only; a command is about the current one. */
function steer(service: Service, intent: ReleaseIntent, at: Instant): Decision<Service> {
  const { live, crowned } = service;
  const named = [live, crowned].find((release) => release?.facts.id === intent.release);
  const release = intent.release === undefined ? (live ?? crowned) : named;
  if (release) return decideRelease(service, release, intent, at);
  return intent.release === undefined
    ? no({ code: 'no_release', service: service.name })
    : no({ code: 'plan_changed' });
}

/** A proposal that nobody entered yet does not stand in the way of going back. */
function rollback(service: Service, intent: IntentTo<'rollback'>, at: Instant): Decision<Service> {
  const { live, crowned } = service;
  const isProposal = live?.phase === 'proposed' && intent.release !== live.facts.id;
  if (live && !isProposal) return rollBackLive(service, live, intent, at);
  if (!crowned) return no({ code: 'no_former_stable', service: service.name });
  const decision = steer(withoutLive(service), intent, at);
  if (!decision.ok || !live) return decision;
  const { reason, by } = intent;
  return ending(decision.value, {
    ...recordOf(live),
    phase: 'aborted',
    at,
    by: by.actor,
    reason,
  });
}

/** The stable version goes as well when it is what people want to be rid of, or go further back. */
function rollBackLive(
  service: Service,
  live: Release,
  intent: IntentTo<'rollback'>,
  at: Instant,
): Decision<Service> {
  const { crowned } = service;
  const isOfCrowned = crowned !== undefined && intent.release === crowned.facts.id;
  const version = intent.version ?? (isOfCrowned ? placesBack(service)[0] : undefined);
  if (isOfCrowned && version === undefined)
    return no({ code: 'no_former_stable', service: service.name });
  const wanted = isOfCrowned ? { ...intent, release: live.facts.id } : intent;
  const decision = steer(service, version === undefined ? wanted : { ...wanted, version }, at);
  if (!decision.ok || crowned?.phase !== 'completed') return decision;
  if (decision.value.next.stable === service.stable) return decision;
  return ending(decision.value, withoutWatch(crowned, at));
}

/** One intent makes one entry, so it names the other release that ended with it. */
function ending({ audit, ...change }: Change<Service>, ended: Release): Decision<Service> {
  const { id } = ended.facts;
  return yes({
    ...change,
    next: { ...change.next, ended },
    ...(audit && { audit: { ...audit, details: { ...audit.details, also_ended: id } } }),
    owes: [...change.owes, { sync: 'card', release: id }],
  });
}

function start(service: Service, intent: IntentTo<'start'>, at: Instant): Decision<Service> {
  const refusal = whyNot(intent.by, 'start') ?? whyNoStart(service, intent);
  if (refusal) return no(refusal);
  const release = proposal(service, intent, at);
  const { id, plan } = release.facts;
  const proposed: Service = { ...service, live: release };
  const details = {
    digest: intent.digest,
    strategy: plan.strategy,
    steps: plan.steps.map((step) => step.weightPercent),
    attempt: release.facts.earlierAttempts + 1,
    note: intent.note,
  };
  // A token may ask, and nobody has said yes yet: a pipeline alone never gives anybody a candidate.
  if (!needsApproval(plan, 0) && intent.by.actor.kind !== 'token') {
    const reason = intent.note || 'the first step needs no approval';
    const entering = {
      step: 0,
      by: intent.by,
      at,
      judged: false,
      action: 'start',
      reason,
      details,
    };
    return enterStep(proposed, release, entering);
  }
  return yes({
    next: proposed,
    audit: releaseEntry(release, {
      by: intent.by,
      at,
      action: 'start',
      reason: intent.note,
      step: 0,
      details,
    }),
    // The new card itself says that somebody is asked.
    owes: [{ sync: 'card', release: id }],
  });
}

function whyNoStart(service: Service, { candidate, plan }: IntentTo<'start'>): Refusal | undefined {
  const { name, stable, live, archived } = service;
  if (archived) return { code: 'service_archived', service: name };
  if (!isVersion(candidate)) return { code: 'bad_version', version: candidate };
  if (stable === undefined) return { code: 'no_stable', service: name };
  if (candidate === stable) return { code: 'already_stable', version: candidate };
  if (live)
    return { code: 'release_in_progress', release: live.facts.id, candidate: live.facts.candidate };
  const lock = lockOn(service, candidate);
  if (lock) return { code: 'version_locked', version: candidate, reason: lock.reason };
  if (plan.steps.length === 0) return { code: 'bad_plan', problem: 'it has no steps' };
  return undefined;
}

function proposal(
  service: Service,
  { by, candidate, plan, digest, note }: IntentTo<'start'>,
  at: Instant,
): Release & { readonly phase: 'proposed' } {
  const { earlier, stable = '' } = service;
  // An unlock after a stop is a named person's decision to begin anew; otherwise evidence goes on.
  const isUnlocked = service.locks.some(
    (lock) =>
      lock.version === candidate &&
      lock.unlocked &&
      // A lock of that very try may be lifted while its rollback is still verified.
      (lock.release === earlier?.release || lock.unlocked.at >= (earlier?.endedAt ?? 0)),
  );
  const evidence = isUnlocked ? null : (earlier?.evidence ?? null);
  return {
    facts: {
      id: service.nextReleaseId,
      service: service.name,
      stable,
      candidate,
      plan,
      digest,
      requestedBy: by.actor,
      requestedAt: at,
      note,
      earlierAttempts: earlier?.attempts ?? 0,
    },
    approvals: [],
    excluded: [by.actor],
    evidence: null,
    ...(evidence && { earlier: evidence }),
    phase: 'proposed',
    ask: { step: 0, by: by.actor, at, judged: false },
  };
}

function unlock(
  service: Service,
  { by, version, reason }: IntentTo<'unlock'>,
  at: Instant,
): Decision<Service> {
  const forbidden = whyNot(by, 'unlock');
  if (forbidden) return no(forbidden);
  if (!reason) return no({ code: 'reason_missing' });
  const lock = lockOn(service, version);
  const locked = service.locks.filter((one) => !one.unlocked).map((one) => one.version);
  if (!lock) return no({ code: 'not_locked', version, locked });
  const unlocked = { by: by.actor, at, reason };
  return yes({
    next: {
      ...service,
      locks: service.locks.map((one) => (one === lock ? { ...one, unlocked } : one)),
    },
    audit: {
      at,
      actor: by.actor,
      action: 'unlock',
      target: { service: service.name, release: lock.release, version },
      from: 'locked',
      to: 'unlocked',
      reason,
      outcome: 'done',
      details: { locked_because: lock.reason },
    },
    owes: [
      { sync: 'card', release: lock.release },
      {
        tell: 'channel',
        service: service.name,
        notice: { what: 'version_unlocked', service: service.name, version, by: by.actor, reason },
      },
    ],
  });
}

/** Traffic was read back from where it is set; a rollback is done only once it has been seen. */
function confirmTraffic(
  service: Service,
  { by, applied }: IntentTo<'confirm_traffic'>,
  at: Instant,
): Decision<Service> {
  const { live, applied: before } = service;
  const isBack =
    live?.phase === 'rolling_back' && applied.weightPercent === 0 && applied.stable === live.to;
  if (isSame(applied, before) && !isBack) return unchanged(service);
  const next: Service = { ...service, applied };
  return yes({
    next: isBack ? withRelease(next, recovering(live, at)) : next,
    audit: {
      at,
      actor: by.actor,
      action: 'traffic_switch',
      target: { service: service.name, ...(live && { release: live.facts.id }) },
      from: before ? inWords(before) : 'unknown',
      to: inWords(applied),
      reason: 'read back from where traffic is set',
      outcome: 'done',
      switchStatus: 'applied',
      ...stepOf(live),
    },
    owes: isBack ? afterReturn(live) : [],
  });
}

function recovering(live: Release & { readonly phase: 'rolling_back' }, at: Instant): Release {
  const { from, to, reason, by } = live;
  return { ...recordOf(live), phase: 'recovering', since: at, from, to, reason, by };
}

function afterReturn({ facts, to }: Release & { readonly phase: 'rolling_back' }) {
  const windowMs = facts.plan.rollback.stabilityWindowMs;
  return [
    { tell: 'alert', release: facts.id, alert: { what: 'traffic_back', to, windowMs } },
    { sync: 'card', release: facts.id },
  ] as const;
}

function stepOf(live: Release | undefined) {
  if (!live || !('step' in live)) return {};
  return { step: { number: live.step + 1, weightPercent: weightOf(live) } };
}

const isSame = (one: Applied, other: Applied | undefined) =>
  one.stable === other?.stable &&
  one.candidate === other.candidate &&
  one.weightPercent === other.weightPercent;

const inWords = ({ stable, candidate, weightPercent }: Applied) =>
  weightPercent > 0
    ? `${stable} ${100 - weightPercent} %, ${candidate} ${weightPercent} %`
    : stable;
