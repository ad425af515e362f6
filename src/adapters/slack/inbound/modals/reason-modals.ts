/** The two forms that ask why: before a proposal is declined, and before a lock is lifted. */
import type { ModalView } from '@slack/types';
import { VIEWS } from '#adapters/slack/action-ids.ts';
import { type ButtonValue, writeValue } from '#adapters/slack/button-value.ts';
import { form, textInput, words } from '#adapters/slack/inbound/modals/inputs.ts';
import { fromPerson } from '#adapters/words/escape.ts';

const REASON_CHARACTERS_MAX = 500;

export const declineModal = (value: ButtonValue): ModalView =>
  form({
    callback: VIEWS.decline,
    title: 'Decline',
    submit: 'Decline',
    remembered: writeValue(value),
    blocks: [
      words(`The release #${value.release} of ${fromPerson(value.service)} does not go on.`),
      textInput({
        id: 'reason',
        label: 'Why? Whoever asked will see it.',
        lengthMax: REASON_CHARACTERS_MAX,
        multiline: true,
      }),
    ],
  });

export const unlockModal = (value: ButtonValue & { readonly version: string }): ModalView =>
  form({
    callback: VIEWS.unlock,
    title: 'Unlock a version',
    submit: 'Unlock',
    remembered: writeValue(value),
    blocks: [
      words(
        `${fromPerson(value.version)} of ${fromPerson(value.service)} was locked when it was rolled back. Unlocked, it may be released again, and its evidence begins anew.`,
      ),
      textInput({
        id: 'reason',
        label: 'What has changed since?',
        lengthMax: REASON_CHARACTERS_MAX,
        multiline: true,
      }),
    ],
  });
