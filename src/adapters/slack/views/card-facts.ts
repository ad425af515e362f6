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

export type CardSettings = Pick<ServiceSettings, 'people' | 'links' | 'contact'>;

export function cardFacts(
  release: Release,
  settings: CardSettings | undefined,
  changes: string | undefined,
): readonly ContextBlock[] {
  const { plan, requestedBy, requestedAt, earlierAttempts } = release.facts;
  const attempt = earlierAttempts > 0 ? [`attempt ${earlierAttempts + 1} of this version`] : [];
  const asked = `asked for by ${actorWords(requestedBy)}, ${whenWords(requestedAt)}`;
  const links = [
    changes === undefined ? undefined : link(changes, 'what changed'),
    settings && whereToLook(settings),
  ].filter(Boolean);
  return [
    small([plan.strategy, asked, ...attempt].join(' · '), approvals(release), testers(release)),
    ...(links.length > 0 ? [small(links.join(' · '))] : []),
  ];
}

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
