/**
 * The one alert of an incident, edited while it lasts: what happened, what was done, what is left
 * to do and where to look. It is drawn from the release as it is now, so it also says when it healed.
 */
import type { AnyBlock, Button } from '@slack/types';
import { ACTIONS } from '#adapters/slack/action-ids.ts';
import { writeValue } from '#adapters/slack/button-value.ts';
import {
  actions,
  heading,
  quoted,
  said,
  small,
  type View,
  view,
} from '#adapters/slack/views/blocks.ts';
import { button } from '#adapters/slack/views/buttons.ts';
import { buttonFor } from '#adapters/slack/views/card-buttons.ts';
import type { CardSettings } from '#adapters/slack/views/card-facts.ts';
import { chart } from '#adapters/slack/views/chart.ts';
import { leadingGuard, leadingLine } from '#adapters/slack/views/guard-words.ts';
import { switchOffRows } from '#adapters/slack/views/kill-buttons.ts';
import { shareWords } from '#adapters/slack/views/ladder.ts';
import { opening } from '#adapters/slack/views/opening.ts';
import { whereToLook } from '#adapters/slack/views/people-words.ts';
import { reviewButton, reviewLines } from '#adapters/slack/views/review.ts';
import { verdictWords } from '#adapters/slack/views/verdict-words.ts';
import { actorWords } from '#adapters/words/actor-words.ts';
import { fromPerson, quoting } from '#adapters/words/escape.ts';
import { whenWords } from '#adapters/words/time-words.ts';
import type { Actor } from '#domain/actor.ts';
import type { EvidenceWindow } from '#domain/evidence.ts';
import { type In, isServing, type Release } from '#domain/release.ts';
import { offers } from '#domain/release-rules.ts';
import type { Reviews } from '#domain/review.ts';
import { inWords, later } from '#domain/time.ts';

export type AlertState = {
  readonly release: Release;
  readonly settings?: CardSettings;
  readonly isCurrent: boolean;
  /** Is the version that was left behind locked now? */
  readonly isLocked: boolean;
  /** Of the switches that go with a rollback, those that are on now. */
  readonly switchesOn: readonly string[];
  /** What was counted, oldest first, for the chart. */
  readonly windows?: readonly EvidenceWindow[];
  /** What waits for its review, or was reviewed. */
  readonly reviews?: Reviews;
};

type Incident = {
  readonly title: string;
  readonly done: string;
  readonly left: string;
};
type Returning = In<'rolling_back'> | In<'recovering'> | In<'rolled_back'>;

export function alertMessage(state: AlertState): View {
  const { release, settings, reviews = [] } = state;
  const { title, done, left } = incidentOf(state);
  const where = settings ? whereToLook(settings) : '';
  return view(inShort(title, release), [
    ...heading(title),
    ...inBrief(release),
    said(`*Done:* ${done}`),
    said(`*Left to do:* ${left}`),
    ...(where ? [small(where)] : []),
    small(seenBy(release)),
    ...(release.phase === 'rolled_back' ? reviewLines(reviews) : []),
    ...actions(alertButtons(state)),
    ...(release.phase === 'rolled_back' ? switchOffRows(state.switchesOn) : []),
    ...inFull(state),
  ]);
}

/** The same incident in one line, for where there are no blocks. */
export const incidentWords = (release: Release) =>
  inShort(incidentOf({ release, isCurrent: true, isLocked: false, switchesOn: [] }).title, release);

const inShort = (title: string, release: Release) => `${title}. ${whatHappened(release)}`;

function incidentOf(state: AlertState): Incident {
  const { release } = state;
  switch (release.phase) {
    case 'rolling_back':
    case 'recovering':
    case 'rolled_back':
      return returning(state, release);
    case 'completed':
      return watchStop(release);
    default:
      return stopAsked(release);
  }
}

function returning(state: AlertState, release: Returning): Incident {
  const { service } = release.facts;
  const { from, to } = release;
  const switches = `${lockWords(state, release)}${switchWords(state.switchesOn)}`;
  const why = `find out what is wrong with ${from}, and release a corrected version.`;
  switch (release.phase) {
    case 'rolling_back':
      return {
        title: `🔴 Rolling back ${service}: ${from} → ${to}`,
        done: `all traffic is being taken back to ${to}.${switches}`,
        left: 'nothing by hand yet; the thread tells when traffic is back and when it has recovered.',
      };
    case 'recovering':
      return {
        title: `🟠 Rolled back ${service}: ${from} → ${to}`,
        done: `all traffic is back on ${to}.${switches}`,
        left: `${recoveryWords(release)} Meanwhile, ${why}`,
      };
    case 'rolled_back':
      if (release.unverified)
        return unverified(release.unverified, { from, to, service, switches });
      return {
        title: `🟢 Healed: ${service} was rolled back, ${from} → ${to}`,
        done: `all traffic is back on ${to}, and it was healthy throughout the stability window, until ${whenWords(release.at)}.${switches}`,
        left: why,
      };
  }
}

/** Nobody may take an ended verification for a healthy service. */
function unverified(
  { by, reason }: { readonly by: Actor; readonly reason: string },
  { from, to, service, switches }: Readonly<Record<'from' | 'to' | 'service' | 'switches', string>>,
): Incident {
  return {
    title: `⚪ Closed without proof: ${service} was rolled back, ${from} → ${to}`,
    done: `all traffic is back on ${to}. ${actorWords(by)} ended the verification of recovery: ${fromPerson(reason)}.${switches}`,
    left: `make sure that ${to} is healthy, and find out what is wrong with ${from}.`,
  };
}

function recoveryWords({ facts, healthySince, notRecoveringTold, to }: In<'recovering'>): string {
  const { stabilityWindowMs } = facts.plan.rollback;
  if (healthySince !== undefined)
    return `watch: recovery is verified if nothing breaks until ${whenWords(later(healthySince, stabilityWindowMs))}.`;
  return notRecoveringTold
    ? `*${to} does not recover either.* The cause may be elsewhere; somebody should look now. Where nothing can show recovery, an operator ends this with \`/rollout abort ${facts.service}\` and a reason.`
    : `watch: recovery is verified after ${inWords(stabilityWindowMs)} without a broken guard.`;
}

const lockWords = ({ isLocked }: AlertState, { from, facts }: Returning) => {
  if (isLocked) return ` ${from} is locked until an operator unlocks it.`;
  return facts.plan.rollback.lockCandidate ? ` ${from} was unlocked again.` : '';
};

const switchWords = (names: readonly string[]) =>
  names.length === 0
    ? ''
    : ` Kill switches on: ${names.map((name) => `\`${fromPerson(name)}\``).join(', ')}.`;

function watchStop({ facts, watchUntil, incident }: In<'completed'>): Incident {
  const { service, candidate, stable } = facts;
  if (incident?.closedAt !== undefined)
    return {
      title: `⚪ Closed: ${service}, ${candidate} broke a guard after its release`,
      done: `nobody rolled back before the watch was over, so nothing was changed because of it.`,
      left: `find the cause; \`/rollout status ${service}\` says where a rollback goes.`,
    };
  return {
    title: `🟠 ${service}: ${candidate} breaks a guard after its release`,
    done: `nothing yet. ${candidate} is the stable version with all traffic, watched until ${whenWords(watchUntil)}; people decide now.`,
    left: `roll back to ${stable}, or acknowledge this and find the cause elsewhere: with no second version running, only limits can speak. Until somebody does, the watch goes on.`,
  };
}

function stopAsked(release: Release): Incident {
  const { service, stable, candidate, plan } = release.facts;
  const share = isServing(release) ? shareWords(plan, release.step) : 'its share';
  const askedAt = isServing(release) ? release.stopAskedAt : undefined;
  const bySelf =
    askedAt === undefined
      ? ''
      : ` At ${whenWords(later(askedAt, plan.rollback.askTimeoutMs))} it happens by itself.`;
  return {
    title: `🔴 ${service}: ${candidate} should be rolled back to ${stable}`,
    done: `nothing moves up any more; ${candidate} still has ${share}.`,
    left: `roll back now, which anyone may do.${bySelf}`,
  };
}

/** The policy speaks in numbers; what a person gave as a reason is shown as it was typed. */
function inBrief(release: Release): readonly AnyBlock[] {
  if (isByPerson(release)) {
    const since = release.incident?.openedAt;
    const when = since === undefined ? '' : `, ${whenWords(since)}`;
    return [
      said(`Started by ${actorWords(release.by)}${when}.`),
      ...quoted('Reason', release.reason),
    ];
  }
  const line = causeOf(release);
  return line ? [said(`*${opening(quoting(line))}*`)] : [];
}

/** Below the buttons: whoever is woken by this acts first and studies later. */
function inFull({ release, windows = [] }: AlertState): readonly AnyBlock[] {
  const { verdict, facts } = release;
  if (!verdict || isByPerson(release)) return [];
  const { candidate, stable } = facts;
  return [
    said(verdictWords(verdict)),
    ...chart({ windows, candidate, stable, guard: leadingGuard(verdict) }),
  ];
}

function whatHappened(release: Release): string {
  if (isByPerson(release)) return fromPerson(release.reason);
  return quoting(causeOf(release) ?? release.verdict?.words ?? '');
}

/** Where the plan went back for want of data, numbers of before would be taken for the cause. */
function causeOf(release: Release): string | undefined {
  const { verdict } = release;
  if ('to' in release && verdict?.reason === 'no_data') return release.reason;
  return verdict && leadingLine(verdict);
}

const isByPerson = (release: Release): release is Returning =>
  'to' in release && release.by.kind !== 'policy';

function seenBy({ incident }: Release): string {
  if (incident?.acknowledgedBy) return `Acknowledged by ${actorWords(incident.acknowledgedBy)}.`;
  return incident?.closedAt === undefined
    ? 'Nobody has acknowledged this yet. What follows is told in the thread.'
    : 'Closed. What happened is told in the thread.';
}

function alertButtons({
  release,
  isCurrent,
  isLocked,
  reviews = [],
}: AlertState): readonly Button[] {
  const offered = isCurrent ? offers(release) : [];
  const { service, id } = release.facts;
  const from = 'from' in release ? release.from : undefined;
  const shown: Button[] = [];
  if (offered.includes('acknowledge'))
    shown.push({ ...buttonFor(release, 'acknowledge'), style: 'primary' });
  if (offered.includes('rollback')) shown.push(buttonFor(release, 'rollback'));
  // Pausing voids what was asked or granted; it does not put the deadline off.
  if (offered.includes('pause')) shown.push(buttonFor(release, 'pause'));
  const waiting = reviews.find(({ done }) => !done);
  if (waiting && release.phase === 'rolled_back') shown.push(reviewButton(waiting));
  if (from !== undefined && isLocked)
    shown.push(
      button({
        label: 'Unlock',
        action: ACTIONS.unlock,
        about: `Unlock ${from} of ${service}`,
        value: writeValue({ service, release: id, version: from }),
      }),
    );
  return shown;
}
