/** Draws one interactive element, by its type. */
import type {
  ActionsBlockElement,
  ImageElement,
  InputBlockElement,
  SectionBlockAccessory,
} from '@slack/types';
import { html } from '../html.ts';
import { ActionButton } from './button.ts';
import { ChoiceList } from './choice-list.ts';
import { Moment } from './moment.ts';
import { Overflow } from './overflow.ts';
import { Picture } from './picture.ts';
import { Select } from './select.ts';
import type { Setting } from './surface.ts';
import { TextInput } from './text-input.ts';

export type AnyElement =
  | ActionsBlockElement
  | InputBlockElement
  | SectionBlockAccessory
  | ImageElement;

export function Element({ element, ...setting }: Setting & { element: AnyElement }) {
  switch (element.type) {
    case 'button':
      return html`<${ActionButton} element=${element} blockId=${setting.blockId} />`;
    case 'overflow':
      return html`<${Overflow} element=${element} ...${setting} />`;
    case 'image':
      return html`<${Picture} ...${element} />`;
    case 'static_select':
    case 'external_select':
    case 'users_select':
    case 'conversations_select':
    case 'channels_select':
    case 'multi_static_select':
    case 'multi_external_select':
    case 'multi_users_select':
    case 'multi_conversations_select':
    case 'multi_channels_select':
      return html`<${Select} element=${element} ...${setting} />`;
    case 'checkboxes':
    case 'radio_buttons':
      return html`<${ChoiceList} element=${element} ...${setting} />`;
    case 'datepicker':
    case 'timepicker':
    case 'datetimepicker':
      return html`<${Moment} element=${element} ...${setting} />`;
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return html`<${TextInput} element=${element} ...${setting} />`;
    default:
      return html`<span class="undrawn">
        An element of type <code>${element.type}</code>, which this page does not draw.
      </span>`;
  }
}
