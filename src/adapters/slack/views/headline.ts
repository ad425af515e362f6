/** What a release is doing, one or two sentences for each phase. */
import { entering, shareWords } from '#adapters/slack/views/ladder.ts';
import { opening } from '#adapters/slack/views/opening.ts';
import { approversInWords } from '#adapters/slack/views/people-words.ts';
import { actorWords } from '#adapters/words/actor-words.ts';
import { riskWords } from '#adapters/words/risk-words.ts';
import { whenWords } from '#adapters/words/time-words.ts';
import { type Ask, type In, type Release, stepAt } from '#domain/release.ts';
import type { People } from '#domain/settings.ts';
import { inWords, later } from '#domain/time.ts';

type Known = { readonly people?: People; readonly isLocked: boolean };

export function headline(release: Release, known: Known): string {
  switch (release.phase) {
    case 'proposed':
      return asking(release, release.ask, known);
    case 'progressing':
      return progressing(release, known);
    case 'paused':
      return `*Paused at step ${placeOf(release)}* by ${actorWords(release.by)}, ${whenWords(release.since)}. ${release.facts.candidate} keeps its share, and the guards keep watching. Resuming starts the dwell again.`;
    case 'rolling_back':
      return `*Rolling back:* all traffic is going back to ${release.to}. Started by ${actorWords(release.by)}, ${whenWords(release.since)}.`;
    case 'recovering':
      return recovering(release);
    case 'rolled_back':
      return `*Rolled back to ${release.to}*; ${verified(release)}. Started by ${actorWords(release.by)}. ${lockWords(release, known)}`;
    case 'completed':
      return completed(release);
    case 'aborted':
      return `*Aborted* by ${actorWords(release.by)}, ${whenWords(release.at)}. ${release.facts.candidate} got no traffic.`;
    case 'declined':
      return `*Declined* by ${actorWords(release.by)}, ${whenWords(release.at)}. ${release.facts.candidate} got no traffic.`;
  }
}

const verified = ({ at, unverified }: In<'rolled_back'>) =>
  unverified
    ? `recovery was *not* verified: ${actorWords(unverified.by)} ended the verification, ${whenWords(at)}`
    : `recovery was verified ${whenWords(at)}`;

/** The same in a few words, for notifications and screen readers. */
export function status(release: Release): string {
  switch (release.phase) {
    case 'proposed':
      return `waits for an approver (${shareWords(release.facts.plan, release.ask.step)})`;
    case 'progressing':
      if (release.stopAskedAt !== undefined)
        return `should be rolled back to ${release.facts.stable}`;
      return `${release.ask ? 'waits for an approver at' : 'in progress,'} step ${placeOf(release)}`;
    case 'paused':
      return `paused at step ${placeOf(release)}`;
    case 'rolling_back':
      return `rolling back to ${release.to}`;
    case 'recovering':
      return `back on ${release.to}, checking recovery`;
    case 'rolled_back':
      return `rolled back to ${release.to}`;
    case 'completed':
      return `completed, ${release.facts.candidate} is stable`;
    case 'aborted':
      return 'aborted';
    case 'declined':
      return 'declined';
  }
}

const placeOf = ({ facts, step }: In<'progressing'> | In<'paused'>) =>
  `${step + 1} of ${facts.plan.steps.length} (${shareWords(facts.plan, step)})`;

function progressing(release: In<'progressing'>, known: Known): string {
  const { facts, since, step, grantedUpTo, declinedBy, ask } = release;
  const overAt = later(since, stepAt(facts.plan, step).dwellMs);
  const judged = release.judged ? ' It was entered by judgement, on thin evidence.' : '';
  const where = `*Step ${placeOf(release)}*, at least until ${whenWords(overAt)}.${judged}`;
  if (release.stopAskedAt !== undefined)
    return `${where}\n${stopAsked(release.stopAskedAt, facts)}`;
  if (ask) return `${where}\n${asking(release, ask, known)}`;
  if (declinedBy)
    return `${where}\n${actorWords(declinedBy)} declined the next step; *Promote* asks for it again.`;
  return grantedUpTo === undefined || grantedUpTo <= step
    ? where
    : `${where} Approved up to ${shareWords(facts.plan, grantedUpTo)}.`;
}

function stopAsked(askedAt: In<'progressing'>['since'], { plan }: Release['facts']): string {
  const actsAt = whenWords(later(askedAt, plan.rollback.askTimeoutMs));
  return `*The evidence says stop.* Anyone may roll back now; at ${actsAt} it happens by itself.`;
}

function asking(release: Release, ask: Ask, { people }: Known): string {
  const who = people && approversInWords(people);
  const may = who ? `${who} may approve` : 'No approvers are named in signalman.yml, so nobody may';
  const not = `not ${[...new Set(release.excluded.map(actorWords))].join(' or ')}, who asked`;
  const wish = `*Waiting for an approver.* ${opening(actorWords(ask.by))} asks to ${entering(release.facts, ask.step)}. ${may}; ${not}.`;
  return ask.judged ? `${wish}\n${judging(release)}` : wish;
}

/** Two people may judge where the evidence cannot speak; they have to know what it leaves open. */
const judging = (release: Release) =>
  `*This would be a judged step:* the evidence is too thin for Signalman to say yes. ${riskWords(release)}`;

function recovering({ facts, to, by, healthySince, notRecoveringTold }: In<'recovering'>): string {
  const { stabilityWindowMs } = facts.plan.rollback;
  const begin = `*All traffic is back on ${to}*, started by ${actorWords(by)}.`;
  if (healthySince !== undefined)
    return `${begin} It looks healthy; verified if it stays so until ${whenWords(later(healthySince, stabilityWindowMs))}.`;
  return notRecoveringTold
    ? `${begin} *It does not recover:* somebody should look. Recovery needs ${inWords(stabilityWindowMs)} without a broken guard.`
    : `${begin} Recovery counts once ${inWords(stabilityWindowMs)} pass without a broken guard.`;
}

function completed({ facts, at, watchUntil, watchOver, judged, incident }: In<'completed'>) {
  const end = judged ? ' Its last step was judged by people, on thin evidence.' : '';
  const begin = `*Completed* ${whenWords(at)}: ${facts.candidate} is the stable version.${end}`;
  if (incident && !incident.closedAt)
    return `${begin} *A guard is broken since then:* rolling back returns to ${facts.stable}.`;
  if (incident)
    return `${begin} *A guard was broken in its watch,* which is over; nobody rolled back.`;
  return watchOver
    ? `${begin} The watch is over.`
    : `${begin} It is watched until ${whenWords(watchUntil)}; ${facts.stable} is one click away.`;
}

function lockWords({ facts }: Release, { isLocked }: Known): string {
  return isLocked
    ? `${facts.candidate} is locked until an operator unlocks it.`
    : `${facts.candidate} is not locked.`;
}
