import type { SectionBlock } from '@slack/types';
import { ACTIONS } from '#adapters/slack/action-ids.ts';
import { writeValue } from '#adapters/slack/button-value.ts';
import { said } from '#adapters/slack/views/blocks.ts';
import { button, confirming } from '#adapters/slack/views/buttons.ts';
import { fromPerson } from '#adapters/words/escape.ts';

export const switchOffButton = (name: string, reason: string) =>
  button({
    label: 'Switch off',
    action: ACTIONS.killOff,
    about: `Switch off the kill switch ${name}`,
    value: writeValue({ killswitch: name, reason }),
    confirm: confirming({
      title: 'Switch it off?',
      text: `The kill switch ${name} goes off, and agents that obey it act again at once.`,
      yes: 'Switch off',
      no: 'Keep it on',
    }),
  });

const ROWS_MAX = 10;

/** Switches thrown with a rollback are offered for switching off once recovery is verified. */
export const switchOffRows = (names: readonly string[]): readonly SectionBlock[] =>
  names.slice(0, ROWS_MAX).map((name) => ({
    ...said(`The kill switch \`${fromPerson(name)}\` is still on.`),
    accessory: switchOffButton(name, 'recovery is verified'),
  }));
