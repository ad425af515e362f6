import type { HomeView } from '@slack/types';
import type { AnswerDeps, Person } from '#adapters/slack/inbound/deps.ts';
import type { HomeFacts } from '#adapters/slack/inbound/home/read-home.ts';
import type { EntryFilter } from '#adapters/slack/views/home/entry-filter.ts';
import { type HomeState, homeOf, homeRefused } from '#adapters/slack/views/home/home.ts';
import type { Waiting } from '#adapters/slack/views/home/waiting.ts';
import type { Actor } from '#domain/actor.ts';
import { isSamePerson, otherNamesOf } from '#domain/identity.ts';
import { hasRole } from '#domain/permission.ts';
import type { Review } from '#domain/review.ts';

export type HomeDeps = Pick<AnswerDeps, 'queries' | 'directory' | 'settings'>;

/** Who somebody is may be a minute old: every button asks again when it is pressed. */
const LOOK_UP_MS_MAX = 300;

/** The Home tab as this person may see it. */
export async function drawHome(
  deps: HomeDeps,
  facts: HomeFacts,
  { person, filter }: { readonly person: Person; readonly filter: EntryFilter },
): Promise<HomeView> {
  const { membership, operator, approver } = await lookUp(deps, person);
  if (membership !== 'full') return homeRefused(membership);
  const isMe = isPerson(deps, person);
  const steps = await stepsFor(deps, facts, { person, isMe });
  const reviews = await reviewsFor(deps, facts, { person, isMe });
  const flags = approver ? flagsFor(facts, isMe) : [];
  return homeOf({
    isOperator: operator,
    isApprover: approver || steps.isApprover,
    waiting: [...steps.waiting, ...flags],
    ...(reviews && { reviews }),
    releases: facts.releases,
    switchesOn: facts.switchesOn,
    entries: facts.entries(filter),
    filter,
  });
}

const lookUp = ({ directory }: HomeDeps, { userId, teamId }: Person, service?: string) =>
  directory.lookUp(userId, teamId, {
    fresh: false,
    withinMs: LOOK_UP_MS_MAX,
    ...(service !== undefined && { service }),
  });

type IsMe = (actor: Actor) => boolean;

/** By any of the names that the file lists. */
function isPerson({ settings }: HomeDeps, { userId }: Person): IsMe {
  const actor = { kind: 'user', id: userId } as const;
  const me = { actor, knownAs: otherNamesOf(settings().identities, actor) };
  return (other) => isSamePerson(me, other);
}

/** Each service may have approvers of its own, and whoever asked or wrote it is none of them. */
async function stepsFor(
  deps: HomeDeps,
  { releases, authors }: HomeFacts,
  { person, isMe }: { readonly person: Person; readonly isMe: IsMe },
) {
  const waiting: Waiting[] = [];
  let isApprover = false;
  for (const release of releases) {
    const ask = 'ask' in release ? release.ask : undefined;
    if (!ask) continue;
    const { approver } = await lookUp(deps, person, release.facts.service);
    isApprover ||= approver;
    const others = [...release.excluded, ...(authors.get(release.facts.id) ?? [])];
    const isExcluded = others.some(isMe);
    if (approver && !isExcluded) waiting.push({ what: 'step', release, ask });
  }
  return { waiting, isApprover };
}

/** Absent for whoever is neither an operator nor an approver of any service that has one. */
async function reviewsFor(
  deps: HomeDeps,
  { reviews }: HomeFacts,
  { person, isMe }: { readonly person: Person; readonly isMe: IsMe },
): Promise<HomeState['reviews']> {
  const may = async (service?: string) => hasRole(await lookUp(deps, person, service), 'reviewer');
  const mayAny = await may();
  const mine: Review[] = [];
  let others = 0;
  for (const review of reviews) {
    if (!(await may(review.of.target.service))) continue;
    if (isMe(review.of.actor)) others += 1;
    else mine.push(review);
  }
  return mayAny || mine.length + others > 0 ? { mine, others } : undefined;
}

const flagsFor = ({ flags }: HomeFacts, isMe: IsMe): readonly Waiting[] =>
  flags.flatMap((flag) => {
    const { request } = flag;
    return request && !isMe(request.by) ? [{ what: 'flag', flag, request }] : [];
  });
