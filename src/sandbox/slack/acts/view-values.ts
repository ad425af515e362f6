/** What stands in a view's elements, and what its own rules say about that before it is sent. */
import type { ElementState, ViewValues } from '#sandbox/protocol.ts';
import { type Element, isEmpty, keepsState, stateOf } from '#sandbox/slack/acts/element-state.ts';
import { elementsIn } from '#sandbox/slack/acts/find-element.ts';
import type { Block } from '#sandbox/slack/workspace.ts';

type Values = Readonly<Record<string, Readonly<Record<string, Element>>>>;

export function valuesOf(blocks: readonly Block[], given: ViewValues = {}): Values {
  const values: Record<string, Record<string, Element>> = {};
  for (const { blockId, element } of elementsIn(blocks)) {
    if (!keepsState(element)) continue;
    const actionId = String(element['action_id']);
    values[blockId] = {
      ...values[blockId],
      [actionId]: stateOf(element, given[blockId]?.[actionId]),
    };
  }
  return values;
}

/** By block_id; empty when the view may be submitted. */
export function problemsOf(blocks: readonly Block[], values: Values): Record<string, string> {
  const problems = blocks
    .filter(({ type }) => type === 'input')
    .flatMap((block) => {
      const element = Object(block['element']) as Element;
      const state = values[block.block_id]?.[String(element['action_id'])] ?? {};
      const problem = problemOf(element, state, block['optional'] === true);
      return problem ? [[block.block_id, problem] as const] : [];
    });
  return Object.fromEntries(problems);
}

function problemOf(element: Element, state: Element, isOptional: boolean): string | undefined {
  if (isEmpty(element, state)) {
    return isOptional ? undefined : 'Please complete this required field.';
  }
  const value = (state as Partial<Extract<ElementState, { value: unknown }>>).value ?? '';
  switch (element['type']) {
    case 'plain_text_input':
      return lengthProblem(element, value);
    case 'number_input':
      return numberProblem(element, value);
    case 'email_text_input':
      return /^\S+@\S+\.\S+$/.test(value) ? undefined : 'Enter an email address.';
    case 'url_text_input':
      return URL.canParse(value) ? undefined : 'Enter a URL.';
    default:
      return tooManyProblem(element, state);
  }
}

function lengthProblem(element: Element, value: string): string | undefined {
  const min = Number(element['min_length'] ?? 0);
  const max = Number(element['max_length'] ?? 3_000);
  if (value.length < min) return `Enter at least ${min} characters.`;
  return value.length > max ? `Enter at most ${max} characters.` : undefined;
}

function numberProblem(element: Element, value: string): string | undefined {
  const number = Number(value);
  if (Number.isNaN(number)) return 'Enter a number.';
  if (element['is_decimal_allowed'] === false && !Number.isInteger(number)) {
    return 'Enter a whole number.';
  }
  if (number < Number(element['min_value'] ?? Number.NEGATIVE_INFINITY)) {
    return `Enter ${element['min_value']} or more.`;
  }
  const isOver = number > Number(element['max_value'] ?? Number.POSITIVE_INFINITY);
  return isOver ? `Enter ${element['max_value']} or less.` : undefined;
}

function tooManyProblem(element: Element, state: Element): string | undefined {
  const max = Number(element['max_selected_items'] ?? Number.POSITIVE_INFINITY);
  const chosen = Object.values(state).find(Array.isArray) ?? [];
  return chosen.length > max ? `Choose at most ${max}.` : undefined;
}
