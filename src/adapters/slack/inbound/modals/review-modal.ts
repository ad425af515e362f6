/** Whoever reviews an emergency reads once more what was done and why, and writes what was found. */
import type { ModalView } from '@slack/types';
import { VIEWS } from '#adapters/slack/action-ids.ts';
import { writeValue } from '#adapters/slack/button-value.ts';
import type { AnswerDeps } from '#adapters/slack/inbound/deps.ts';
import { form, textInput } from '#adapters/slack/inbound/modals/inputs.ts';
import { said } from '#adapters/slack/views/blocks.ts';
import { opening } from '#adapters/slack/views/opening.ts';
import { emergencyWords } from '#adapters/slack/views/review.ts';
import { actorWords } from '#adapters/words/actor-words.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import { whenWords } from '#adapters/words/time-words.ts';
import { inPlainWords } from '#adapters/words/verdict-leads.ts';

const NOTE_CHARACTERS_MAX = 500;

type ReviewDeps = Pick<AnswerDeps, 'queries'>;

export const reviewModal = (deps: ReviewDeps, entry: number): ModalView =>
  form({
    callback: VIEWS.review,
    title: 'Review an emergency',
    submit: 'Reviewed',
    remembered: writeValue({ entry }),
    blocks: [
      said(...whatHappened(deps, entry)),
      textInput({
        id: 'note',
        label: 'What was found?',
        hint: 'Was it right, what was the cause, what follows? The register keeps it.',
        lengthMax: NOTE_CHARACTERS_MAX,
        multiline: true,
      }),
    ],
  });

function whatHappened({ queries }: ReviewDeps, entry: number): readonly string[] {
  const review = queries.review(entry);
  if (!review) return ['Nothing of that kind waits for a review here.'];
  const { of, done } = review;
  return [
    `*${opening(emergencyWords(of))}*, ${whenWords(of.at)} (entry ${entry} of the register).`,
    fromPerson(inPlainWords(of.reason)),
    done ? `${actorWords(done.by)} has reviewed it already.` : '',
  ];
}
