import { entering } from '#adapters/slack/views/ladder.ts';
import { opening } from '#adapters/slack/views/opening.ts';
import { actorWords } from '#adapters/words/actor-words.ts';
import { whenWords } from '#adapters/words/time-words.ts';
import type { Ask, Release } from '#domain/release.ts';

/** Who asks for a step, for whoever is to say yes or no to it. */
export const askedWords = ({ facts }: Release, { by, step, at }: Ask) =>
  `${opening(actorWords(by))} asks to ${entering(facts, step)}, ${whenWords(at)}.`;
