/** Shortcuts open a form, from anywhere in Slack or on a message. */
import type { ModalView } from '@slack/types';
import { SHORTCUTS } from '#adapters/slack/action-ids.ts';
import { Shortcut } from '#adapters/slack/inbound/deliveries.ts';
import type { AnswerDeps } from '#adapters/slack/inbound/deps.ts';
import { killModal } from '#adapters/slack/inbound/modals/kill-modal.ts';
import { openModal } from '#adapters/slack/inbound/modals/open-modal.ts';
import { resultModal } from '#adapters/slack/inbound/modals/result-modal.ts';
import { rollbackModal } from '#adapters/slack/inbound/modals/rollback-modal.ts';
import { startModal, startModalFilled } from '#adapters/slack/inbound/modals/start-modal.ts';
import { placeFrom } from '#adapters/slack/inbound/places.ts';
import { measuredAck, NOT_OURS, type Wire } from '#adapters/slack/inbound/wire.ts';
import { permalink } from '#adapters/slack/permalink.ts';

type Opens = {
  readonly view: (deps: AnswerDeps, used: Shortcut) => ModalView;
  readonly instead: string;
  readonly fill?: (deps: AnswerDeps) => ModalView | undefined;
};

const FORMS: Readonly<Record<string, Opens>> = {
  [SHORTCUTS.start]: { view: startModal, fill: startModalFilled, instead: '/rollout help' },
  [SHORTCUTS.kill]: { view: killModal, instead: '/killswitch help' },
  [SHORTCUTS.rollbackReason]: {
    view: (deps, used) => rollbackModal(deps, quotedBy(used)),
    instead: '/rollout help',
  },
};

/** The shortcuts that exist; a test holds the manifest against them. */
export const SHORTCUT_IDS = Object.keys(FORMS);

type Delivery = { readonly body: unknown; readonly ack: () => Promise<unknown> };

export async function onShortcut(wire: Wire, { body, ack }: Delivery): Promise<void> {
  await measuredAck(wire, 'other', ack)();
  const read = Shortcut.safeParse(body);
  const opens = read.success ? FORMS[read.data.callback_id] : undefined;
  if (!read.success || !opens) return;
  const { instead } = opens;
  const place = placeOf(read.data);
  if (!wire.ours.isOurs(body)) {
    const view = resultModal({ text: NOT_OURS });
    return await openModal(wire, { ...read.data, view, place, instead });
  }
  await openModal(wire, {
    ...read.data,
    view: opens.view(wire.answers, read.data),
    place,
    fill: () => opens.fill?.(wire.answers),
    instead,
  });
}

/** A shortcut without a message belongs to no channel. */
const placeOf = ({ channel }: Shortcut) => (channel ? placeFrom(channel.id, '') : 'in_private');

/** The message that the shortcut was used on, and where it stands. */
function quotedBy({ message, channel, team }: Shortcut) {
  if (!message || !channel) return { text: '' };
  const { ts, thread_ts: threadTs, text } = message;
  const link = permalink({ domain: team?.domain, channel: channel.id, ts, threadTs });
  return { text, ...(link !== undefined && { link }) };
}
