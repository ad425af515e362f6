/** Who asked, who said yes, who has it already, and where to look: the small print of a card. */

import type { ContextBlock } from '@slack/types';
import { small } from '#adapters/slack/views/blocks.ts';
import { guardsInWords } from '#adapters/slack/views/guard-words.ts';
import { shareWords } from '#adapters/slack/views/ladder.ts';
import { link } from '#adapters/slack/views/links.ts';
import { whereToLook } from '#adapters/slack/views/people-words.ts';
import { actorWords } from '#adapters/words/actor-words.ts';
import { clip, fromPerson, quoting } from '#adapters/words/escape.ts';
import { whenWords } from '#adapters/words/time-words.ts';
import type { Approval, Release } from '#domain/release.ts';
import type { ServiceSettings } from '#domain/settings.ts';
import type { Component, RegisteredVersion } from '#domain/version.ts';

export type CardSettings = Pick<ServiceSettings, 'people' | 'links' | 'contact'>;

export function cardFacts(
  release: Release,
  settings: CardSettings | undefined,
  build: RegisteredVersion | undefined,
): readonly ContextBlock[] {
  const { plan, requestedBy, requestedAt, earlierAttempts } = release.facts;
  const attempt = earlierAttempts > 0 ? [`attempt ${earlierAttempts + 1} of this version`] : [];
  const asked = `asked for by ${actorWords(requestedBy)}, ${whenWords(requestedAt)}`;
  const where = settings ? whereToLook(settings) : '';
  return [
    small([plan.strategy, asked, ...attempt].join(' · '), approvals(release), testers(release)),
    ...(build ? [small(changed(build))] : []),
    ...(where ? [small(where)] : []),
  ];
}

const USER = /^[UW][A-Z0-9]{2,}$/;
const NAMED_MAX = 6;
const NAME_CHARACTERS_MAX = 60;

/** What is in the candidate, who wrote it, and where to read about it, as its pipeline said. */
function changed({ link: address, authors, commit, components }: RegisteredVersion): string {
  const parts = [
    components.length > 0 && listed(components.map(componentWords)),
    authors.length > 0 && `by ${listed(authors.map(authorWords))}`,
    commit !== undefined && `commit ${named(commit)}`,
    address !== undefined && link(address, 'all changes'),
  ].filter(Boolean);
  return `what changed: ${parts.length > 0 ? parts.join(' · ') : 'its pipeline did not say what'}`;
}

function listed(words: readonly string[]): string {
  const shown = words.slice(0, NAMED_MAX);
  const more = words.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** By their Slack ID, or by what git calls them. */
const authorWords = (author: string) => (USER.test(author) ? `<@${author}>` : named(author));

const componentWords = ({ name, version, reversibility }: Component) =>
  `${named(name)}${version === undefined ? '' : ` ${named(version)}`}${BACK[reversibility]}`;

const named = (text: string) => fromPerson(clip(text, NAME_CHARACTERS_MAX));

/** Only what cannot be taken back at once is worth a word. */
const BACK: Readonly<Record<Component['reversibility'], string>> = {
  instant: '',
  drain: ' (goes back once conversations have ended)',
  irreversible: ' (*cannot be taken back*)',
};

const APPROVALS_SHOWN_MAX = 3;

/** The newest yeses; all of them stand in the register. */
function approvals({ approvals: given, facts }: Release): string {
  const shown = given.slice(-APPROVALS_SHOWN_MAX);
  const earlier = given.length - shown.length;
  const words = shown.map((approval) => approvalWords(approval, facts.plan));
  return [...(earlier > 0 ? [`${earlier} earlier approvals`] : []), ...words].join(' · ');
}

function approvalWords(
  { step, upToStep, by, at, judged }: Approval,
  plan: Release['facts']['plan'],
): string {
  const how = judged ? 'judged' : 'approved';
  const upTo = upToStep > step ? ` up to ${shareWords(plan, upToStep)}` : '';
  const what = step < plan.steps.length ? shareWords(plan, step) : 'completion';
  return `${what} ${how}${upTo} by ${actorWords(by)}, ${whenWords(at)}`;
}

const TESTERS_SHOWN_MAX = 5;
const KEY_CHARACTERS_MAX = 40;

function testers({ facts }: Release): string {
  const { testers: keys } = facts.plan;
  if (keys.length === 0) return '';
  const shown = keys
    .slice(0, TESTERS_SHOWN_MAX)
    .map((key) => fromPerson(clip(key, KEY_CHARACTERS_MAX)));
  const more = keys.length - shown.length;
  return `testers, who have it at every step: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What the plan watches, for whoever is asked to say yes to it. */
export const watched = ({ facts }: Release) =>
  small(
    `guards: ${quoting(guardsInWords(facts.plan).join(' · '))}`,
    facts.plan.strategy === 'blue-green' ? NO_SHARED_TRAFFIC : '',
  );

const NO_SHARED_TRAFFIC =
  'blue-green: without shared traffic nothing can be compared with stable, so only limits can speak';
