/** Typed input: text, mail addresses, links and numbers. */
import type { EmailInput, NumberInput, PlainTextInput, URLInput } from '@slack/types';
import { html } from '../html.ts';
import { plainText } from '../text/text-object.ts';
import type { Setting } from './surface.ts';
import { useValue } from './value.ts';

type TypedElement = PlainTextInput | EmailInput | URLInput | NumberInput;

const KEYBOARDS = {
  plain_text_input: 'text',
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'decimal',
} as const;

export function TextInput({ element, ...setting }: Setting & { element: TypedElement }) {
  const { type } = element;
  const initial = { type, value: element.initial_value ?? null };
  const { state, enter, acting } = useValue(element, setting, initial);
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed'];
  const isMultiline = type === 'plain_text_input' && element.multiline === true;

  const onInput = (event: Event) => {
    const typed = (event.target as HTMLInputElement).value;
    const next = { type, value: typed === '' ? null : typed };
    enter(next);
    if (!setting.quiet && triggers.includes('on_character_entered')) acting.select(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || setting.quiet || !triggers.includes('on_enter_pressed')) return;
    if (isMultiline && !event.metaKey && !event.ctrlKey) return;
    event.preventDefault();
    acting.select(state);
  };
  return html`<${isMultiline ? 'textarea' : 'input'}
    id=${setting.inputId}
    class="text-input"
    type=${isMultiline ? undefined : 'text'}
    rows=${isMultiline ? 3 : undefined}
    inputMode=${KEYBOARDS[type]}
    placeholder=${plainText(element.placeholder)}
    maxLength=${type === 'plain_text_input' ? element.max_length : undefined}
    autoFocus=${element.focus_on_load}
    autocomplete="off"
    aria-label=${setting.inputId ? undefined : setting.label}
    aria-invalid=${setting.invalid}
    aria-describedby=${setting.describedBy || undefined}
    value=${state.value ?? ''}
    onInput=${onInput}
    onKeyDown=${onKeyDown}
  />`;
}
