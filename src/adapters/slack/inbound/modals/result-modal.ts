import type { ModalView } from '@slack/types';
import { words } from '#adapters/slack/inbound/modals/inputs.ts';
import { type Reply, sectionsOf } from '#adapters/slack/inbound/reply.ts';

/** What came of a form, shown in its place. */
export const resultModal = ({ text }: Pick<Reply, 'text'>, title = 'Signalman'): ModalView => ({
  type: 'modal',
  title: { type: 'plain_text', text: title },
  close: { type: 'plain_text', text: 'Close' },
  blocks: sectionsOf(text).map(words),
});
