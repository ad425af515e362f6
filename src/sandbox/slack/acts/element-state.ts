/** What stands in an element that keeps something: what was put in, or what it began with. */
import type { ElementState } from '#sandbox/protocol.ts';
import { isRecord } from '#sandbox/slack/web-api/arguments.ts';

export type Element = Readonly<Record<string, unknown>>;

/** The field that holds the state, the one it begins with, and how empty looks. */
type Keeping = readonly [field: string, initial: string, empty: null | readonly never[]];

const KEEPING: Readonly<Record<string, Keeping>> = {
  plain_text_input: ['value', 'initial_value', null],
  email_text_input: ['value', 'initial_value', null],
  number_input: ['value', 'initial_value', null],
  url_text_input: ['value', 'initial_value', null],
  static_select: ['selected_option', 'initial_option', null],
  external_select: ['selected_option', 'initial_option', null],
  radio_buttons: ['selected_option', 'initial_option', null],
  overflow: ['selected_option', 'initial_option', null],
  multi_static_select: ['selected_options', 'initial_options', []],
  multi_external_select: ['selected_options', 'initial_options', []],
  checkboxes: ['selected_options', 'initial_options', []],
  users_select: ['selected_user', 'initial_user', null],
  multi_users_select: ['selected_users', 'initial_users', []],
  conversations_select: ['selected_conversation', 'initial_conversation', null],
  multi_conversations_select: ['selected_conversations', 'initial_conversations', []],
  channels_select: ['selected_channel', 'initial_channel', null],
  multi_channels_select: ['selected_channels', 'initial_channels', []],
  datepicker: ['selected_date', 'initial_date', null],
  timepicker: ['selected_time', 'initial_time', null],
  datetimepicker: ['selected_date_time', 'initial_date_time', null],
};

const keepingOf = (element: Element) => {
  const type = String(element['type']);
  return Object.hasOwn(KEEPING, type) ? KEEPING[type] : undefined;
};

export const keepsState = (element: Element) =>
  keepingOf(element) !== undefined && element['type'] !== 'overflow';

/** What the element holds, in Slack's shape; `given` is what a person put in. */
export function stateOf(element: Element, given?: ElementState): Element {
  const keeping = keepingOf(element);
  if (!keeping) return {};
  const [field, initial, empty] = keeping;
  const entered: Element = { ...given };
  const put = entered['type'] === element['type'] ? entered[field] : undefined;
  const value = put === undefined ? (element[initial] ?? empty) : put;
  return { type: element['type'], [field]: ownOptions(element, value === '' ? null : value) };
}

export function isEmpty(element: Element, state: Element): boolean {
  const [field = ''] = keepingOf(element) ?? [];
  const value = state[field];
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

/** False when a person chose what the element does not offer. */
export function isOffered(element: Element, given: ElementState): boolean {
  const offered = optionsOf(element);
  if (!offered) return given.type === element['type'];
  const chosen = [
    ...('selected_option' in given && given.selected_option ? [given.selected_option] : []),
    ...('selected_options' in given ? given.selected_options : []),
  ];
  const isKnown = chosen.every(({ value }) => offered.some((option) => option['value'] === value));
  return given.type === element['type'] && isKnown;
}

/** The app gets its own option back, not the page's copy of it. */
function ownOptions(element: Element, value: unknown): unknown {
  const offered = optionsOf(element);
  if (!offered) return value;
  const own = (chosen: unknown) =>
    isRecord(chosen) ? offered.find((option) => option['value'] === chosen['value']) : chosen;
  return Array.isArray(value) ? value.map(own).filter(Boolean) : own(value);
}

function optionsOf(element: Element): readonly Element[] | undefined {
  const groups = element['option_groups'];
  const grouped = Array.isArray(groups) ? groups.flatMap((group) => group.options) : undefined;
  const options = element['options'] ?? grouped;
  return Array.isArray(options) ? options : undefined;
}
