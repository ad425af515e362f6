import type { Button, ConfirmationDialog } from '@slack/types';
import type { ActionId } from '#adapters/slack/action-ids.ts';
import { clip } from '#adapters/words/escape.ts';

type Look = {
  readonly label: string;
  readonly action: ActionId;
  /** The label in full, for people who hear the screen. */
  readonly about: string;
  readonly value: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: ConfirmationDialog;
};

const LABEL_CHARACTERS_MAX = 75;

export function button({ label, action, about, value, style, confirm }: Look): Button {
  return {
    type: 'button',
    action_id: action,
    text: { type: 'plain_text', text: clip(label, LABEL_CHARACTERS_MAX) },
    accessibility_label: clip(about, LABEL_CHARACTERS_MAX),
    value,
    ...(style && { style }),
    ...(confirm && { confirm }),
  };
}

type Dialog = {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly no: string;
};

/** Asks again before something that is hard to take back; it names the thing and the effect. */
export const confirming = ({ title, text, yes, no }: Dialog): ConfirmationDialog => ({
  title: { type: 'plain_text', text: clip(title, 100) },
  text: { type: 'plain_text', text: clip(text, 300) },
  confirm: { type: 'plain_text', text: clip(yes, 30) },
  deny: { type: 'plain_text', text: clip(no, 30) },
  style: 'danger',
});
