import type { View } from '#adapters/slack/views/blocks.ts';
import { asText } from '#sandbox/slack/as-text.ts';
import { checkBlocks } from '#sandbox/slack/blocks/check-blocks.ts';
import { charactersIn } from '#sandbox/slack/blocks/whole-message.ts';

const MOMENT = /<!date\^[^|]*\|([^>]*)\.000Z>/g;

/** Slack shows each reader their own time; a reviewer sees the moment itself. */
export const momentsAsText = (text: string) => text.replaceAll(MOMENT, '<$1>');

/** A message as a reviewer reads it in a diff; what a notification says comes last. */
export const goldenText = (view: View) =>
  momentsAsText(`${asText(view)}\n\nin a notification: ${view.text}\n`);

const CHARACTERS_MAX = 10_000;

/** What Slack would say against this message; empty when it would take it. */
export function complaintsAbout(view: View): readonly string[] {
  const complaints = checkBlocks(view.blocks, 'message').map(
    ({ pointer, message }) => `${pointer}: ${message}`,
  );
  const characters = charactersIn(view.blocks);
  if (characters > CHARACTERS_MAX) complaints.push(`${characters} characters in all blocks`);
  if (view.text.length > 4_000) complaints.push(`${view.text.length} characters of text`);
  if (view.text === '') complaints.push('no text');
  return complaints;
}
