/** The one place where refusals become sentences: what happened, why, and what to do next. */

import { actorWords } from '#adapters/words/actor-words.ts';
import { doubtWords } from '#adapters/words/doubt-words.ts';
import { escapeMrkdwn, fromPerson } from '#adapters/words/escape.ts';
import { phaseWords } from '#adapters/words/phase-words.ts';
import { inPlainWords } from '#adapters/words/verdict-leads.ts';
import type { Standing } from '#domain/actor.ts';
import { findNearest } from '#domain/nearest.ts';
import type { Role } from '#domain/permission.ts';
import type { Refusal } from '#domain/refusal.ts';
import { inWords } from '#domain/time.ts';
import type { Verdict } from '#domain/verdict.ts';

type Code = Refusal['code'];
type Words = { readonly [C in Code]: (refusal: Refusal & { readonly code: C }) => string };

/** A new code fails to compile here until it has its sentence. */
const WORDS: Words = {
  not_a_member: ({ membership }) =>
    `Nothing was done: ${MEMBERSHIPS[membership]}. Please ask a full member of this workspace.`,
  role_needed: ({ needed }) =>
    `Nothing was done: this needs ${ROLES[needed]}, and you are not one here. Please ask one of them.`,
  roles_unreadable: ({ needed }) =>
    `Nothing was done: this needs ${ROLES[needed]}, and Slack could not say just now whether you are one. Please try again in a minute. Whatever stops something still works: pause, roll back, kill.`,
  wrong_place: ({ places }) =>
    `Nothing was done: whatever lets more through is asked for where those see it who look after it. Please do it in one of these channels, or in a direct message.${listed('Channels', places)} Whatever stops something works from here, too.`,
  needs_second_person: ({ excluded }) =>
    excluded.kind === 'git'
      ? `Nothing was done: ${fromPerson(excluded.id)} wrote this change, and by signalman.yml that is you, so an approver who is somebody else has to say yes.`
      : `Nothing was done: ${actorWords(excluded)} asked for this, so an approver who is somebody else has to say yes.`,
  needs_another_reviewer: ({ did }) =>
    `Nothing was written down: ${actorWords(did)} did this, so an operator or approver who is somebody else has to review it.`,

  unknown_service: ({ service, known }) =>
    `There is no service “${fromPerson(service)}”.${didYouMean(service, known)}${listed('Known services', known)}`,
  service_archived: ({ service }) =>
    `“${fromPerson(service)}” is archived: it is no longer in signalman.yml. Put it back there and reload to release it again; its history is kept.`,
  bad_version: ({ version }) =>
    `“${fromPerson(version)}” cannot be a version. A version begins with a letter or digit and goes on with letters, digits, dots, hyphens, underscores or colons, at most 63 in all, such as 2.4.0.`,
  bad_name: ({ name, kind }) =>
    kind === 'flag'
      ? `“${fromPerson(name)}” cannot be the key of a flag. Use letters, digits, dots, hyphens and underscores, at most 100; not beginning with “kill.” and not ending in “.version”, since agents ask for switches and versions by those.`
      : `“${fromPerson(name)}” cannot be the name of a kill switch. Use small letters, digits, dots, hyphens and underscores, at most 63, such as \`writes\` or \`writes/staging\`.`,
  bad_percentage: ({ given }) =>
    `“${fromPerson(given)}” is not a setting for a flag. Write \`on\`, \`off\`, or a whole number from 0 to 100 with a percent sign, such as \`25%\`.`,
  bad_plan: ({ problem }) =>
    `Nothing was started: the plan in signalman.yml cannot be used, because ${fromPerson(problem)}. Please correct the file and reload it.`,
  no_stable: ({ service }) =>
    `Nothing was started: “${fromPerson(service)}” has no stable version yet, so there would be nothing to go back to. Name one under \`stable\` in signalman.yml and reload.`,
  already_stable: ({ version }) =>
    `${fromPerson(version)} is the stable version already: all traffic goes to it. There is nothing to release.`,
  version_locked: ({ version, reason }) =>
    `${fromPerson(version)} is locked: ${quoted(inPlainWords(reason).replace(/\.$/, ''))}. Release a newer version, or let an operator lift the lock with \`/rollout unlock\`, the service, ${fromPerson(version)} and a reason.`,
  not_locked: ({ version, locked }) =>
    `${fromPerson(version)} is not locked, so there is nothing to unlock.${listed('Locked versions', locked)}`,
  release_in_progress: ({ release, candidate }) =>
    `Nothing was started: #${release} (${fromPerson(candidate)}) is still in progress, and a service has one release at a time. Let it finish, roll it back, or abort it while it is only proposed. A rollback whose recovery nothing can show is ended by an operator with \`/rollout abort\` and a reason.`,
  no_release: ({ service }) =>
    `“${fromPerson(service)}” has no release in progress, so there is nothing to do that to. \`/rollout history ${fromPerson(service)}\` shows the former ones.`,
  no_former_stable: ({ service }) =>
    `“${fromPerson(service)}” has no former stable version to go back to. If it misbehaves, \`/killswitch on ${fromPerson(service)}\` and a reason stop it.`,
  not_a_former_stable: ({ version, former }) =>
    `${fromPerson(version)} is not a version that traffic can go back to.${listed('Versions to go back to', former)}`,

  wrong_phase: ({ phase, intent }) =>
    intent === 'rollback' && (phase === 'rolling_back' || phase === 'rolled_back')
      ? 'It is rolled back already; there is nothing more to do. `/rollout status` shows how far it is.'
      : intent === 'rollback' && phase === 'recovering'
        ? 'It is rolled back already, and its recovery is being verified. To go back further still, name the version after the service.'
        : `Nothing was done: the release ${phaseWords(phase)}, and then it cannot be ${INTENTS[intent] ?? 'changed like that'}. \`/rollout status\` shows what is possible now.`,
  too_early: ({ waitMs }) =>
    `Nothing was done: this step has to last another ${inWords(waitMs)}, so that there is something to judge by. After that it goes on by itself, or *Promote* works.`,
  not_allowed_yet: ({ verdict }) => notAllowed(verdict),
  cannot_be_judged: () =>
    'Nothing was done: there is too little evidence for the next step, and this service is set to wait for more (`on_thin_evidence: hold`). It goes on by itself once there is enough.',
  already_asked: ({ step }) =>
    `Step ${step + 1} is asked for already. An approver who is somebody else has to press *Approve* on the card.`,
  nothing_asked: () =>
    'Nothing was done: nobody is waiting for an answer there any more. The card shows how things stand.',
  plan_changed: () =>
    'Nothing was done: that button belongs to something that has changed since. Look at the newest card, and ask again if it is still wanted.',
  already_decided: ({ by, decision }) =>
    `This is ${fromPerson(decision)} already, by ${actorWords(by)}. There is nothing left to do.`,
  nothing_to_acknowledge: () => 'There is no open alert to acknowledge; the incident is over.',
  nothing_to_review: () =>
    'Nothing was written down: nothing of that kind waits for a review here. The Home tab lists what does.',

  register_in_doubt: (doubt) =>
    `Nothing was done: the register ${doubtWords(doubt)}. Until an operator has looked and typed \`signalman audit accept\` with a reason on the machine, agents get no more than they have. Whatever stops something still works: pause, roll back, kill.`,
  nothing_to_accept: () =>
    'Nothing was done: the register fits its last checkpoint, so there is nothing to accept.',

  already_on: ({ name, reason }) =>
    `“${fromPerson(name)}” is on already${reason ? `, because ${quoted(reason)}` : ''}. Agents are being stopped.`,
  already_off: ({ name }) =>
    `“${fromPerson(name)}” is off already. \`/killswitch list\` shows the switches that are on.`,
  reason_missing: () => 'Nothing was done: please say why, in a few words. The register keeps it.',
  off_needs_a_person: ({ name }) =>
    `“${fromPerson(name)}” stays as it is: a token may throw a kill switch, never release it. An operator does that in Slack with \`/killswitch off ${fromPerson(name)}\`.`,
  unknown_flag: ({ key, known }) =>
    `There is no flag “${fromPerson(key)}”.${didYouMean(key, known)}${listed('Known flags', known)}`,
  flag_archived: ({ key }) =>
    `The flag “${fromPerson(key)}” is archived, and that is final. Take another key for a new flag.`,
  flag_unchanged: ({ key, state }) =>
    `The flag “${fromPerson(key)}” is ${fromPerson(state)} already. Nothing was changed.`,
};

export function refusalWords(refusal: Refusal): string {
  // The code chooses the row and the type of its argument, a link that the types cannot follow.
  const words = WORDS[refusal.code] as (refusal: Refusal) => string;
  return words(refusal);
}

const MEMBERSHIPS: Readonly<Record<Standing['membership'], string>> = {
  full: 'you may not do that',
  guest: 'guests of this workspace may look but not act',
  bot: 'bots and workflows may not act here; a program uses a token of its own',
  stranger: 'you belong to another workspace',
  unknown: 'Slack could not say who you are',
};

const ROLES: Readonly<Record<Role, string>> = {
  operator: 'an operator',
  approver: 'an approver',
  reviewer: 'an operator or an approver',
};

/** Intents as they follow “it cannot be”. */
const INTENTS: Readonly<Record<string, string>> = {
  approve: 'approved',
  decline: 'declined',
  promote: 'promoted',
  pause: 'paused',
  resume: 'resumed',
  rollback: 'rolled back',
  abort: 'aborted; once it has entered a step, roll it back instead',
  acknowledge: 'acknowledged',
};

function notAllowed(verdict: Verdict | undefined): string {
  if (!verdict)
    return 'Nothing was done: there is no fresh verdict to go by. It is made at the next poll; please try again after that.';
  const { reason, words } = verdict;
  const why = escapeMrkdwn(words);
  if (reason === 'not_enough_evidence')
    return `Nothing was done: there is not enough evidence yet. ${why} It goes on by itself once there is enough.`;
  if (reason === 'within_limits')
    return 'Nothing was done: the last verdict is too old. A new one is made at the next poll; please try again after that.';
  return `Nothing was done: the evidence speaks against it. ${why} If you are in doubt, roll back.`;
}

const quoted = (text: string) => `“${fromPerson(text)}”`;

/** Comparing takes time by the letter, and anything may have been typed. */
const LETTERS_MAX = 64;

function didYouMean(typed: string, known: readonly string[]): string {
  const meant = findNearest(typed.slice(0, LETTERS_MAX), known);
  return meant === undefined ? '' : ` Did you mean “${fromPerson(meant)}”?`;
}

const NAMES_SHOWN_MAX = 20;

function listed(title: string, names: readonly string[]): string {
  if (names.length === 0) return ` ${title}: none.`;
  const shown = names.slice(0, NAMES_SHOWN_MAX).map(fromPerson).join(', ');
  const rest = names.length - NAMES_SHOWN_MAX;
  return ` ${title}: ${shown}${rest > 0 ? ` and ${rest} more` : ''}.`;
}
