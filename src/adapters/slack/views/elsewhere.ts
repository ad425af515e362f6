/** What a channel does not take, told somewhere else: why it is there, and what mends that. */
import { small, type View } from '#adapters/slack/views/blocks.ts';
import { quoting } from '#adapters/words/escape.ts';

export const inPerson = (view: View, channel: string): View =>
  explained(view, 'You get this yourself', channel);

export const inFallback = (view: View, channel: string): View =>
  explained(view, 'This stands here', channel);

const explained = ({ text, blocks }: View, what: string, channel: string): View => ({
  text,
  blocks: [
    ...blocks,
    small(
      `${what} because I cannot post in \`${quoting(channel)}\`. Invite me there, bring the channel back, or correct \`channel\` in \`signalman.yml\`.`,
    ),
  ],
});
