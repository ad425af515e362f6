/** The few kinds of fields that our forms have. A block's id names its field in answers and errors. */
import type { InputBlock, ModalView, PlainTextOption, SectionBlock } from '@slack/types';
import { clip } from '#adapters/words/escape.ts';

const ACTION = 'entered';
const OPTION_CHARACTERS_MAX = 75;
const OPTIONS_MAX = 100;

const plain = (text: string) => ({ type: 'plain_text', text }) as const;

type Field = {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly optional?: boolean;
};

type Text = Field & {
  readonly lengthMax: number;
  readonly placeholder?: string;
  readonly initial?: string;
  readonly multiline?: boolean;
};

export function textInput(field: Text): InputBlock {
  const { lengthMax, placeholder, initial, multiline } = field;
  return input(field, {
    type: 'plain_text_input',
    action_id: ACTION,
    max_length: lengthMax,
    ...(placeholder && { placeholder: plain(placeholder) }),
    ...(initial && { initial_value: initial }),
    ...(multiline && { multiline }),
  });
}

type Choice = Field & { readonly choices: readonly string[]; readonly initial?: string };

export function choiceInput(field: Choice): InputBlock {
  const options = field.choices.map(option);
  const initial = options.find(({ value }) => value === field.initial);
  return input(field, {
    type: 'static_select',
    action_id: ACTION,
    options,
    ...(initial && { initial_option: initial }),
  });
}

/** Too many, or too long for an option: then they have to be typed. */
export const canBeChosen = (choices: readonly string[]) =>
  choices.length > 0 &&
  choices.length <= OPTIONS_MAX &&
  choices.every((choice) => choice.length <= OPTION_CHARACTERS_MAX);

const option = (choice: string): PlainTextOption => ({ text: plain(choice), value: choice });

function input({ id, label, hint, optional }: Field, element: InputBlock['element']): InputBlock {
  return {
    type: 'input',
    block_id: id,
    label: plain(label),
    element,
    ...(hint && { hint: plain(hint) }),
    ...(optional && { optional }),
  };
}

export const words = (text: string): SectionBlock => ({
  type: 'section',
  text: { type: 'mrkdwn', text, verbatim: true },
});

const TITLE_CHARACTERS_MAX = 24;

type Form = {
  readonly callback: string;
  readonly title: string;
  readonly submit: string;
  readonly blocks: ModalView['blocks'];
  /** Comes back with the answer, unseen by the person. */
  readonly remembered?: string;
};

export const form = ({ callback, title, submit, blocks, remembered }: Form): ModalView => ({
  type: 'modal',
  callback_id: callback,
  title: plain(clip(title, TITLE_CHARACTERS_MAX)),
  submit: plain(clip(submit, TITLE_CHARACTERS_MAX)),
  close: plain('Cancel'),
  blocks,
  ...(remembered && { private_metadata: remembered }),
});
