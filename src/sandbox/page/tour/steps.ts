/** The six steps of the tour, and how each is seen to be done, whichever way people did it. Pure. */
import type { DemoState } from '#sandbox/demo-protocol.ts';
import type { ShownMessage } from '#sandbox/protocol.ts';
import { wholeText } from '../state/whole-text.ts';

/** What the tour can see. */
export type Sight = {
  readonly demo: DemoState | null | undefined;
  readonly messages: readonly ShownMessage[];
  readonly bot: string;
  readonly channelName: string;
};

export type TourStep = {
  readonly title: string;
  readonly words: string;
  /** Puts this into the composer, for the person to send. */
  readonly type?: string;
  /** Changes to this person, by handle; whoever it is, they may do what the step asks. */
  readonly actAs?: string;
  /** Opens this channel, by name. */
  readonly open?: string;
  readonly shows?: 'strip';
  readonly isDone: (sight: Sight) => boolean;
};

const WATCHED_REQUESTS = 20;

export const STEPS: readonly TourStep[] = [
  {
    title: 'Propose a release',
    words: 'Ask for version 2.4.0 of the support agent, as Ana, an operator. Nothing changes yet.',
    type: '/rollout start support-agent 2.4.0',
    actAs: 'ana',
    open: 'agent-ops',
    isDone: ({ messages, bot }) => {
      return messages.some((message) => message.by === bot && hasButton(message, /^Approve/));
    },
  },
  {
    title: 'Approve it as somebody else',
    words: 'Whoever asked may not approve. Become Bo and press Approve on the card.',
    actAs: 'bo',
    open: 'agent-ops',
    isDone: ({ demo }) => (demo?.arms.candidate?.sharePercent ?? 0) > 0,
  },
  {
    title: 'Watch the evidence arrive',
    words:
      'A small share of users gets the candidate. See the split, and how the card counts along.',
    shows: 'strip',
    isDone: ({ demo }) => (demo?.arms.candidate?.requests ?? 0) >= WATCHED_REQUESTS,
  },
  {
    title: 'Make the candidate worse',
    words: 'Set Errors to Severe. Signalman rolls back by itself and says why, with numbers.',
    shows: 'strip',
    isDone: ({ messages, bot }) => isRolledBack(messages.filter(({ by }) => by === bot)),
  },
  {
    title: 'Throw a kill switch',
    words: 'Stop one kind of action everywhere, at once, without changing any version.',
    type: '/killswitch on writes looks wrong',
    open: 'agent-ops',
    isDone: ({ demo }) => (demo?.kills.length ?? 0) > 0,
  },
  {
    title: 'Read what happened',
    words: 'Every command, click and refusal is in the register: who, what, why, and the outcome.',
    type: '/rollout history support-agent',
    isDone: ({ messages, bot, channelName }) => {
      if (channelName === 'release-audit') return true;
      return messages.some((message) => {
        return message.by === bot && message.ephemeral && /\*History of /.test(wholeText(message));
      });
    },
  },
];

/** An alert of an earlier release is older than the newest card, and does not count. */
function isRolledBack(messages: readonly ShownMessage[]): boolean {
  const card = messages.findLast((message) => /"text":"#\d+ /.test(wholeText(message)));
  return messages.some((message) => {
    const isNewer = message.ts > (card?.ts ?? '');
    return isNewer && !message.ephemeral && /rolled back/i.test(wholeText(message));
  });
}

function hasButton({ blocks }: ShownMessage, label: RegExp): boolean {
  return blocks.some((block) => {
    const elements = Array.isArray(block['elements']) ? block['elements'] : [];
    return elements.some(({ type, text }) => type === 'button' && label.test(text?.text ?? ''));
  });
}
