import type { Effect, ThreadNotice } from '#domain/effect.ts';
import { raising } from '#domain/incident.ts';
import { look, type Observe } from '#domain/look.ts';
import { type In, type Release, withoutAsk } from '#domain/release.ts';
import { releaseEntry, verdictDetails } from '#domain/release-entry.ts';
import { assert, yes } from '#domain/result.ts';
import { rollBack } from '#domain/rollback.ts';
import { type Decision, type Service, withRelease } from '#domain/service.ts';
import { askToEnter } from '#domain/step.ts';
import { elapsedMs, type Instant, inWords } from '#domain/time.ts';
import { isLost, noteUnknown } from '#domain/unknown-since.ts';
import type { Verdict } from '#domain/verdict.ts';

/** A poll has come in: judge it, and do what the verdict asks for. */
export function observeServing(
  service: Service,
  release: In<'progressing'> | In<'paused'>,
  intent: Observe,
  at: Instant,
): Decision<Service> {
  const { release: looked, verdict, judged } = look(release, intent, at);
  const { release: seen, notice } = noteUnknown(looked, verdict, at);
  const decision = follow(service, seen, verdict, intent, at);
  assert(decision.ok, 'nothing refuses what the policy does');
  const { audit, owes } = decision.value;
  const said = audit ? undefined : verdictEntry(release, seen, intent, at);
  // A rollback speaks for itself, and louder.
  const news = notice && !isLost(seen, at) ? notice : undefined;
  const told = news ? [telling(release, news)] : (said?.owes ?? []);
  return yes({
    ...decision.value,
    ...(said && { audit: said.audit }),
    // The card shows what was counted, so each window makes its numbers older.
    owes: [...owes, ...told, ...(said || judged ? [syncCard(release)] : [])],
    ...(judged && { judged }),
  });
}

const syncCard = ({ facts }: Release): Effect => ({ sync: 'card', release: facts.id });
const telling = ({ facts }: Release, notice: ThreadNotice): Effect => ({
  tell: 'thread',
  release: facts.id,
  notice,
});

/** The policy acts through what people can do, and never through more: it cannot approve. */
function follow(
  service: Service,
  release: In<'progressing'> | In<'paused'>,
  verdict: Verdict,
  intent: Observe,
  at: Instant,
): Decision<Service> {
  if (verdict.says === 'stop') return stop(service, release, verdict, intent, at);
  if (isLost(release, at)) return takeBack(service, release, intent, at);
  const kept = yes({ next: withRelease(service, release), owes: [] });
  if (release.phase === 'paused') return kept;
  if (verdict.reason === 'suspicion') return voidApprovals(service, release);
  if (verdict.reason === 'not_enough_evidence')
    return tellHeldTooLong(service, release, verdict, at);
  if (verdict.says !== 'allow' || release.ask || release.declinedBy) return kept;
  const next = release.step + 1;
  return askToEnter(service, release, {
    step: next,
    by: intent.by,
    at,
    judged: false,
    action: 'advance',
  });
}

function stop(
  service: Service,
  release: In<'progressing'> | In<'paused'>,
  verdict: Verdict,
  { by }: Observe,
  at: Instant,
): Decision<Service> {
  const { mode, askTimeoutMs } = release.facts.plan.rollback;
  const { stopAskedAt } = release;
  const isAnswerLate = stopAskedAt !== undefined && isOver(stopAskedAt, askTimeoutMs, at);
  const mayAct = mode === 'auto' || isAnswerLate;
  if (mayAct) return rollBack(service, release, { by, reason: verdict.words, verdict }, at);
  if (stopAskedAt !== undefined)
    return yes({ next: withRelease(service, withoutAsk(release)), owes: [] });
  const next = { ...withoutAsk(release), stopAskedAt: at, incident: { openedAt: at } };
  return yes({
    next: withRelease(service, next),
    audit: releaseEntry(release, {
      by,
      at,
      action: 'stop_asked',
      reason: verdict.words,
      step: release.step,
      details: { verdict: verdictDetails(verdict) },
    }),
    owes: [
      ...raising(release, { what: 'stop_asked', verdict, timeoutMs: askTimeoutMs }),
      syncCard(release),
    ],
  });
}

/** Nobody who is asked could know more, so it happens in mode `ask` as well. */
function takeBack(
  service: Service,
  release: In<'progressing'> | In<'paused'>,
  { by }: Observe,
  at: Instant,
): Decision<Service> {
  assert(release.unknown, 'what is lost has not been known for a time');
  const sinceMs = elapsedMs(release.unknown.since, at);
  const reason = `No data for ${inWords(sinceMs)}, and the plan goes back then.`;
  return rollBack(service, release, { by, reason }, at);
}

/** A clock that was set back cannot say how long it was; too early is better than an hour late. */
const isOver = (since: Instant, waitMs: number, at: Instant) => at < since || at - since >= waitMs;

/** A suspicion voids what was asked and granted: the yes was given to a candidate that looked well. */
function voidApprovals(service: Service, release: In<'progressing'>): Decision<Service> {
  const isAsking = release.ask !== undefined || release.grantedUpTo !== undefined;
  return yes({
    next: withRelease(service, withoutAsk(release)),
    owes: isAsking ? [syncCard(release)] : [],
  });
}

/** Thin evidence never ships by itself: after the longest allowed time a person is asked, once a step. */
function tellHeldTooLong(
  service: Service,
  release: In<'progressing'>,
  verdict: Verdict,
  at: Instant,
): Decision<Service> {
  const { plan } = release.facts;
  const heldMs = elapsedMs(release.since, at);
  if (heldMs < plan.maxHoldMs || release.heldTooLongTold)
    return yes({ next: withRelease(service, release), owes: [] });
  return yes({
    next: withRelease(service, { ...release, heldTooLongTold: true }),
    owes: [telling(release, { what: 'held_too_long', verdict, heldMs }), syncCard(release)],
  });
}

/** The register hears of a verdict when it says something else than the one before it. */
function verdictEntry(before: Release, seen: Release, { by }: Observe, at: Instant) {
  const { verdict } = seen;
  const isNews =
    verdict?.says !== before.verdict?.says ||
    verdict?.reason !== before.verdict?.reason ||
    verdict?.because !== before.verdict?.because;
  if (!verdict || !isNews) return undefined;
  const isTold = isWorthTelling(before.verdict, verdict);
  return {
    owes: isTold ? [telling(before, { what: 'verdict_changed', verdict })] : [],
    audit: releaseEntry(before, {
      by,
      at,
      action: 'verdict',
      reason: verdict.words,
      details: verdictDetails(verdict),
      ...('step' in before && { step: before.step }),
    }),
  };
}

/** People hear of trouble and of its end; that evidence is still gathering stands on the card. */
function isWorthTelling(before: Verdict | undefined, now: Verdict): boolean {
  const isTrouble = ({ reason }: Verdict) =>
    reason === 'suspicion' || reason === 'no_data' || reason === 'sample_ratio';
  return isTrouble(now) || (before !== undefined && isTrouble(before));
}
