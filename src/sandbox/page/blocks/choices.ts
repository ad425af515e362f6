/** What a select offers, and the state it leaves behind, for each kind of select. */
import type { MultiSelect, Select } from '@slack/types';
import type { ElementState, ShownText } from '#sandbox/protocol.ts';
import type { ReaderContext } from '../state/reader.ts';
import { plainText } from '../text/text-object.ts';

export type AnySelect = Select | MultiSelect;

/** An option as the app sent it; a url or a missing value is of no use in a select. */
type Offered = {
  readonly text: ShownText;
  readonly value?: string;
  readonly description?: ShownText;
};

export type Choice = {
  readonly value: string;
  readonly words: string;
  readonly detail?: string;
  readonly group?: string;
  /** What the app gets back. */
  readonly option?: Offered;
};

export function asChoice(option: Offered, group?: string): Choice {
  return {
    value: option.value ?? '',
    words: plainText(option.text),
    ...(option.description ? { detail: plainText(option.description) } : {}),
    ...(group === undefined ? {} : { group }),
    option,
  };
}

export function choicesOf(element: AnySelect, reader: ReaderContext): Choice[] {
  switch (element.type) {
    case 'static_select':
    case 'multi_static_select':
      return [
        ...(element.options ?? []).map((option) => asChoice(option)),
        ...(element.option_groups ?? []).flatMap(({ label, options }) => {
          return options.map((option) => asChoice(option, plainText(label)));
        }),
      ];
    case 'users_select':
    case 'multi_users_select':
      return reader.people
        .filter(({ kind }) => kind !== 'stranger')
        .map(({ id, realName, title }) => ({ value: id, words: realName, detail: title }));
    case 'conversations_select':
    case 'multi_conversations_select':
    case 'channels_select':
    case 'multi_channels_select':
      return reader.channels
        .filter(({ kind }) => kind === 'channel' || element.type.includes('conversations'))
        .map(({ id, name }) => ({ value: id, words: `#${name}` }));
    case 'external_select':
    case 'multi_external_select':
      return [];
  }
}

export function initialChoices(element: AnySelect, choices: readonly Choice[]): Choice[] {
  const byValue = (values: readonly (string | undefined)[]) => {
    return choices.filter(({ value }) => values.includes(value));
  };
  switch (element.type) {
    case 'static_select':
    case 'external_select':
      return element.initial_option ? [asChoice(element.initial_option)] : [];
    case 'multi_static_select':
    case 'multi_external_select':
      return (element.initial_options ?? []).map((option) => asChoice(option));
    case 'users_select':
      return byValue([element.initial_user]);
    case 'multi_users_select':
      return byValue(element.initial_users ?? []);
    case 'conversations_select':
      return byValue([element.initial_conversation]);
    case 'multi_conversations_select':
      return byValue(element.initial_conversations ?? []);
    case 'channels_select':
      return byValue([element.initial_channel]);
    case 'multi_channels_select':
      return byValue(element.initial_channels ?? []);
  }
}

export function stateOf(type: AnySelect['type'], chosen: readonly Choice[]): ElementState {
  const values = chosen.map(({ value }) => value);
  const options = chosen.flatMap(({ value, option }) => (option ? [{ ...option, value }] : []));
  const [value = null] = values;
  switch (type) {
    case 'static_select':
    case 'external_select':
      return { type, selected_option: options[0] ?? null };
    case 'multi_static_select':
    case 'multi_external_select':
      return { type, selected_options: options };
    case 'users_select':
      return { type, selected_user: value };
    case 'multi_users_select':
      return { type, selected_users: values };
    case 'conversations_select':
      return { type, selected_conversation: value };
    case 'multi_conversations_select':
      return { type, selected_conversations: values };
    case 'channels_select':
      return { type, selected_channel: value };
    case 'multi_channels_select':
      return { type, selected_channels: values };
  }
}
