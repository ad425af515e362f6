import { said, small, type View, view } from '#adapters/slack/views/blocks.ts';
import { whenWords } from '#adapters/words/time-words.ts';
import type { Instant } from '#domain/time.ts';

/** Things may have moved on since it was true, so it says of when it is. */
export function lateAnswer(text: string, at: Instant): View {
  const late = `This is the answer of ${whenWords(at)}, which could not be shown to you then.`;
  return view(text, [said(text), small(late)]);
}
