import type { Button, KnownBlock } from '@slack/types';
import { clipMarkup } from '#adapters/slack/views/blocks.ts';

/** An answer to one person. What changes state is seen by the channel through owed effects. */
export type Reply = {
  readonly visibility: 'ephemeral' | 'in_channel';
  readonly text: string;
  readonly blocks?: readonly KnownBlock[];
};

const SECTION_CHARACTERS_MAX = 3_000;
/** Slack refuses messages above some 13 000 characters, without saying exactly where. */
const MESSAGE_CHARACTERS_MAX = 9_000;
const TEXT_CHARACTERS_MAX = 3_000;

/** Long answers become several sections; what does not fit is said to be missing. */
export function ephemeral(text: string, buttons: readonly Button[] = []): Reply {
  const visibility = 'ephemeral';
  if (text.length <= SECTION_CHARACTERS_MAX && buttons.length === 0) return { visibility, text };
  const sections = sectionsOf(text).map(
    (part): KnownBlock => ({ type: 'section', text: { type: 'mrkdwn', text: part } }),
  );
  const actions: KnownBlock[] =
    buttons.length > 0 ? [{ type: 'actions', elements: [...buttons] }] : [];
  const [first = text] = packed(text.split('\n'), TEXT_CHARACTERS_MAX);
  return { visibility, text: first, blocks: [...sections, ...actions] };
}

/** A message in mrkdwn, cut into sections between lines. */
export function sectionsOf(text: string): readonly string[] {
  const parts = packed(text.split('\n'), SECTION_CHARACTERS_MAX);
  const fitting = MESSAGE_CHARACTERS_MAX / SECTION_CHARACTERS_MAX;
  if (parts.length <= fitting) return parts;
  return [...parts.slice(0, fitting), '… and more than fits into one message.'];
}

function packed(lines: readonly string[], charactersMax: number): readonly string[] {
  const parts: string[] = [];
  let part = '';
  for (const line of lines.map((one) => clipMarkup(one, charactersMax))) {
    if (part && part.length + 1 + line.length > charactersMax) {
      parts.push(part);
      part = line;
    } else part = part ? `${part}\n${line}` : line;
  }
  return part ? [...parts, part] : parts;
}
