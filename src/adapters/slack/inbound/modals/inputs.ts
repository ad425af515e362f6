/** The few kinds of fields that our forms have. A block's id names its field in answers and errors. */
import type { InputBlock, ModalView, PlainTextOption, SectionBlock } from '@slack/types';
import { ACTIONS } from '#adapters/slack/action-ids.ts';
import { clip } from '#adapters/words/escape.ts';

const ENTERED = 'entered';
const OPTION_CHARACTERS_MAX = 75;
const OPTIONS_MAX = 100;

const plain = (text: string) => ({ type: 'plain_text', text }) as const;

type Field = {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly optional?: boolean;
  /** The form is drawn anew for what stands here; a line of text, once Enter is pressed in it. */
  readonly redraws?: boolean;
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
    action_id: actionOf(field),
    max_length: lengthMax,
    ...(placeholder && { placeholder: plain(placeholder) }),
    ...(initial && { initial_value: initial }),
    ...(multiline && { multiline }),
    ...(field.redraws && {
      dispatch_action_config: { trigger_actions_on: ['on_enter_pressed'] as const },
    }),
  });
}

type Choice = Field & {
  readonly choices: readonly string[];
  readonly initial?: string;
  /** What it means to choose nothing, where that may be. */
  readonly placeholder?: string;
  /** What people read instead of the choice itself. */
  readonly named?: (choice: string) => string;
};

export function choiceInput(field: Choice): InputBlock {
  const { choices, placeholder, named = (choice) => choice } = field;
  const options = choices.map((choice) => option(choice, named(choice)));
  const initial = options.find(({ value }) => value === field.initial);
  return input(field, {
    type: 'static_select',
    action_id: actionOf(field),
    options,
    ...(placeholder && { placeholder: plain(placeholder) }),
    ...(initial && { initial_option: initial }),
  });
}

type Initial = Field & { readonly initial?: string; readonly placeholder?: string };

export const personInput = (field: Initial): InputBlock =>
  input(field, {
    type: 'users_select',
    action_id: actionOf(field),
    ...(field.placeholder && { placeholder: plain(field.placeholder) }),
    ...(field.initial && { initial_user: field.initial }),
  });

export const dayInput = (field: Initial): InputBlock =>
  input(field, {
    type: 'datepicker',
    action_id: actionOf(field),
    ...(field.initial && { initial_date: field.initial }),
  });

const actionOf = ({ redraws }: Field) => (redraws ? ACTIONS.formChanged : ENTERED);

/** Too many, or too long for an option: then they have to be typed. */
export const canBeChosen = (choices: readonly string[]) =>
  choices.length > 0 &&
  choices.length <= OPTIONS_MAX &&
  choices.every((choice) => choice.length <= OPTION_CHARACTERS_MAX);

const option = (value: string, name: string): PlainTextOption => ({
  text: plain(clip(name, OPTION_CHARACTERS_MAX)),
  value,
});

function input(
  { id, label, hint, optional, redraws }: Field,
  element: InputBlock['element'],
): InputBlock {
  return {
    type: 'input',
    block_id: id,
    label: plain(label),
    element,
    ...(hint && { hint: plain(hint) }),
    ...(optional && { optional }),
    ...(redraws && { dispatch_action: true }),
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
