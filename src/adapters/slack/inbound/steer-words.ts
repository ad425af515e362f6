import type { AnswerDeps } from '#adapters/slack/inbound/deps.ts';
import { channelWords } from '#adapters/slack/inbound/names.ts';
import type { SteerWish } from '#adapters/slack/inbound/steer.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import { riskWords } from '#adapters/words/risk-words.ts';
import { type In, type Release, weightAt } from '#domain/release.ts';
import { currentRelease, type Service } from '#domain/service.ts';
import { inWords } from '#domain/time.ts';

/** What was done, and what happens next. */
export function doneWords(
  deps: Pick<AnswerDeps, 'settings'>,
  wish: SteerWish,
  service: Service,
): string {
  const release = currentRelease(service);
  const place = channelWords(deps, service.name);
  switch (wish.to) {
    case 'promote':
    case 'approve':
      return release ? wentOn(release, place) : 'Done.';
    case 'decline':
      return 'Declined. Nothing changes for users, and whoever asked can see it on the card.';
    case 'pause':
      return `Paused ${named(release)}. The weight stays where it is, the guards keep watching, and \`/rollout resume ${fromPerson(service.name)}\` goes on.`;
    case 'resume':
      return `Resumed ${named(release)}. The time of this step starts again from now.`;
    case 'abort':
      return release?.phase === 'rolled_back'
        ? `Ended the verification of ${named(release)}. The register keeps that recovery was not shown.`
        : `Ended ${named(release)} before it began. No user had the new version.`;
    case 'rollback':
      return rolledBack(service, place);
    case 'unlock':
      return `Unlocked ${fromPerson(wish.version)}. It may be released again with \`/rollout start ${fromPerson(service.name)} ${fromPerson(wish.version)}\`.`;
    case 'acknowledge':
      return 'Thank you. The alert is marked as seen by you.';
  }
}

const named = (release: Release | undefined) =>
  release ? `#${release.facts.id} (${fromPerson(release.facts.candidate)})` : 'the release';

/** After a yes: the next step is entered, asked for, or there is none left. */
function wentOn(release: Release, place: string): string {
  const { facts } = release;
  if (release.phase === 'completed')
    return `#${facts.id} is complete: ${fromPerson(facts.candidate)} is the stable version now. It is watched for ${inWords(facts.plan.watchMs)}, and one click goes back.`;
  if (release.phase !== 'progressing') return `Done. The card in ${place} shows how it goes on.`;
  if (release.ask) return askedFor(release, place);
  const weight = weightAt(facts.plan, release.step);
  const step = `step ${release.step + 1} of ${facts.plan.steps.length}`;
  const share = weight === 0 ? 'testers only' : `${weight} % of traffic`;
  return `#${facts.id} is at ${step} now: ${fromPerson(facts.candidate)} gets ${share}${release.judged ? ', judged by two people' : ''}.`;
}

function askedFor(release: In<'progressing'>, place: string): string {
  const { facts, ask } = release;
  if (!ask) return '';
  const isLast = ask.step === facts.plan.steps.length;
  const where = isLast
    ? 'completing the release'
    : `step ${ask.step + 1} (${weightAt(facts.plan, ask.step)} %)`;
  const next = `An approver who is not you has to press *Approve* on the card in ${place}.`;
  if (!ask.judged) return `Asked for ${where} of #${facts.id}. ${next}`;
  return `There is too little evidence for an “allow”, so this asks for a *judged* step: two people decide, and the register says so. ${riskWords(release)} Asked for ${where} of #${facts.id}. ${next}`;
}

function rolledBack({ live, name }: Service, place: string): string {
  if (live?.phase !== 'rolling_back') return `“${fromPerson(name)}” is being rolled back.`;
  const { from, to, facts } = live;
  const { lockCandidate, stabilityWindowMs } = facts.plan.rollback;
  const locked = lockCandidate ? `, and ${fromPerson(from)} is locked` : '';
  return `Rolling back: all traffic of ${fromPerson(name)} goes to ${fromPerson(to)} now${locked}. Its recovery is verified for ${inWords(stabilityWindowMs)}; the alert in ${place} tells how it goes.`;
}
