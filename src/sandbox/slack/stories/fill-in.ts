/** From what a person means ("Service: support-agent") to what stands in a modal's elements. */
import type { ElementState, ShownView, ViewValues } from '#sandbox/protocol.ts';
import type { Element } from '#sandbox/slack/acts/element-state.ts';
import { stateOf } from '#sandbox/slack/acts/element-state.ts';
import { isRecord } from '#sandbox/slack/web-api/arguments.ts';

/** By the label of the input; menus and boxes by the words of their options. */
export type FilledIn = Readonly<Record<string, string | readonly string[]>>;

export function fillIn(view: ShownView, filled: FilledIn): ViewValues {
  const inputs = view.blocks.filter(({ type }) => type === 'input');
  const labels = inputs.map((block) => labelOf(block));
  const unknown = Object.keys(filled).find((label) => !labels.includes(label));
  if (unknown) throw new Error(`There is no input “${unknown}”; there are: ${labels.join(', ')}`);
  const values: Record<string, Record<string, ElementState>> = {};
  for (const block of inputs) {
    const wanted = filled[labelOf(block)];
    const element = Object(block['element']) as Element;
    if (wanted === undefined) continue;
    values[block.block_id] = { [String(element['action_id'])]: stateFrom(element, wanted) };
  }
  return values;
}

/** The empty state shows which field the element keeps, and whether it takes one or many. */
export function stateFrom(element: Element, wanted: string | readonly string[]): ElementState {
  const { type, ...rest } = stateOf({ type: element['type'] });
  const [field = ''] = Object.keys(rest);
  const words = typeof wanted === 'string' ? [wanted] : wanted;
  const values = field.startsWith('selected_option')
    ? words.map((one) => optionNamed(element, one))
    : words;
  const value = Array.isArray(rest[field]) ? values : values[0];
  const kept = field === 'selected_date_time' ? Number(value) : value;
  return { type, [field]: kept } as ElementState;
}

function optionNamed(element: Element, words: string): unknown {
  const groups = asRecords(element['option_groups']).flatMap((group) =>
    asRecords(group['options']),
  );
  const options = [...asRecords(element['options']), ...groups];
  const named = options.find((one) => Object(one['text']).text === words || one['value'] === words);
  if (named || element['type'] === 'external_select') {
    return named ?? { text: { type: 'plain_text', text: words }, value: words };
  }
  const offered = options.map((one) => Object(one['text']).text).join(', ');
  throw new Error(`“${words}” is not offered; these are: ${offered}`);
}

const labelOf = (block: ShownView['blocks'][number]) => String(Object(block['label']).text ?? '');
const asRecords = (value: unknown) => (Array.isArray(value) ? value.filter(isRecord) : []);
