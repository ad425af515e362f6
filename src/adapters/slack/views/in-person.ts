import { small, type View } from '#adapters/slack/views/blocks.ts';
import { quoting } from '#adapters/words/escape.ts';

/** What no channel takes, told to one person: why it comes to them, and what mends that. */
export const inPerson = ({ text, blocks }: View, channel: string): View => ({
  text,
  blocks: [
    ...blocks,
    small(
      `You get this yourself because I cannot post in \`${quoting(channel)}\`. Invite me there, bring the channel back, or correct \`channel\` in \`signalman.yml\`.`,
    ),
  ],
});
