/** Emergencies that wait until somebody else has looked at them, and what was found. */
import type { AnyBlock, Button } from '@slack/types';
import { ACTIONS } from '#adapters/slack/action-ids.ts';
import { writeValue } from '#adapters/slack/button-value.ts';
import { quoted, said, small, type View, view } from '#adapters/slack/views/blocks.ts';
import { button } from '#adapters/slack/views/buttons.ts';
import { opening } from '#adapters/slack/views/opening.ts';
import { actorWords } from '#adapters/words/actor-words.ts';
import { clip, fromPerson } from '#adapters/words/escape.ts';
import { whenWords } from '#adapters/words/time-words.ts';
import { inPlainWords } from '#adapters/words/verdict-leads.ts';
import type { Reviewed } from '#domain/effect.ts';
import type { Emergency, Review, Reviews } from '#domain/review.ts';

/** `@chidi threw the kill switch writes`: who did what, for whoever was asleep meanwhile. */
export function emergencyWords({ actor, action, target, from, to }: Emergency): string {
  const { service = '', release, version = '', killswitch = '' } = target;
  const who = actorWords(actor);
  const which = `${fromPerson(service)} #${release}`;
  switch (action) {
    case 'rollback':
      return `${who} rolled back ${which}, ${fromPerson(from)} → ${fromPerson(to)}`;
    case 'abort':
      return `${who} ended the verification of ${which} without proof of recovery`;
    case 'unlock':
      return `${who} unlocked ${fromPerson(version)} of ${fromPerson(service)}`;
    case 'kill_on':
      return `${who} threw the kill switch \`${fromPerson(killswitch)}\``;
    default:
      return `${who} accepted the register as it is`;
  }
}

export const reviewButton = ({ entry }: Review): Button =>
  button({
    label: 'Reviewed',
    action: ACTIONS.review,
    about: `Reviewed: write down what was found of entry ${entry}`,
    value: writeValue({ entry }),
  });

const SHOWN_MAX = 10;
const REASON_CHARACTERS_MAX = 200;

/** Each with the button that ends its waiting; whoever has waited longest comes first. */
export function reviewRows(reviews: Reviews): readonly AnyBlock[] {
  const more = reviews.length - SHOWN_MAX;
  return [
    ...reviews.slice(0, SHOWN_MAX).map((review) => ({
      ...said(
        `*${opening(emergencyWords(review.of))}*, ${whenWords(review.of.at)}.`,
        fromPerson(clip(inPlainWords(review.of.reason), REASON_CHARACTERS_MAX)),
      ),
      accessory: reviewButton(review),
    })),
    ...(more > 0 ? [small(`… and ${more} more; they follow once these are reviewed.`)] : []),
  ];
}

const countOf = (reviews: Reviews) =>
  reviews.length === 1
    ? 'One emergency waits for its review.'
    : `${reviews.length} emergencies wait for their reviews.`;

export function reviewReminder(reviews: Reviews): View {
  const head = `🔎 *${countOf(reviews)}*`;
  return view(head, [said(head, HOW), ...reviewRows(reviews)]);
}

const HOW =
  'Please let an operator or approver who did not do it look at what happened, press *Reviewed* and write down what was found.';

/** What an alert says of the emergencies of its release, once it is over. */
export function reviewLines(reviews: Reviews): readonly AnyBlock[] {
  const lines = reviews.map(({ of, done }) => {
    const what = reviews.length > 1 ? `${opening(emergencyWords(of))}. ` : '';
    return done
      ? `${what}Reviewed by ${actorWords(done.by)}, ${whenWords(done.at)}: ${fromPerson(done.note)}`
      : `${what}Waits for a review by ${whoMay(of)}.`;
  });
  return lines.length > 0 ? [small(...lines)] : [];
}

export const whoMay = ({ actor }: Emergency) =>
  actor.kind === 'user'
    ? `an operator or approver who is not ${actorWords(actor)}`
    : 'an operator or approver';

export function reviewNote({ of, by, note }: Omit<Reviewed, 'what'>): View {
  const head = `🔎 *${actorWords(by)} reviewed this:* ${emergencyWords(of)}, ${whenWords(of.at)}.`;
  return view(`${head} Found: ${fromPerson(note)}`, [said(head), ...quoted('Found', note)]);
}
