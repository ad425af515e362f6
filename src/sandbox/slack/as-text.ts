/**
 * Blocks as plain lines: one line a block, buttons in brackets. Tests and golden cards read it, so
 * a reviewer sees wording in a diff. What stands in the text stays as it was sent, escapes and all.
 */
type Fields = Readonly<Record<string, unknown>>;
type Readable = { readonly text?: string; readonly blocks?: readonly object[] | undefined };

export function asText(message: Readable): string {
  const blocks = message.blocks ?? [];
  return blocks.length > 0 ? blocksAsText(blocks) : (message.text ?? '');
}

const blocksAsText = (blocks: readonly object[]) =>
  blocks.map((block) => blockAsText(block as Fields)).join('\n');

/** A modal begins with its title and ends with its own buttons. */
export function viewAsText(view: {
  readonly title?: unknown;
  readonly submit?: unknown;
  readonly close?: unknown;
  readonly blocks: readonly object[];
}): string {
  const buttons = [view.submit, view.close].filter(Boolean).map((one) => `[${words(one)}]`);
  const title = view.title ? [`== ${words(view.title)} ==`] : [];
  const last = buttons.length > 0 ? [buttons.join(' ')] : [];
  return [...title, blocksAsText(view.blocks), ...last].join('\n');
}

const BLOCKS: Readonly<Record<string, (block: Fields) => string>> = {
  header: (block) => `${'#'.repeat(Number(block['level'] ?? 1))} ${words(block['text'])}`,
  section: sectionAsText,
  context: (block) => `· ${list(block['elements']).map(elementAsText).join(' · ')}`,
  actions: (block) => withConfirms(list(block['elements'])),
  context_actions: (block) => withConfirms(list(block['elements'])),
  divider: () => '---',
  input: (block) => {
    const hint = block['hint'] ? ` (${words(block['hint'])})` : '';
    const optional = block['optional'] ? ' (optional)' : '';
    return `${words(block['label'])}${optional}: ${elementAsText(fields(block['element']))}${hint}`;
  },
  image: (block) => `(image: ${string(block['alt_text'])})`,
  rich_text: (block) => list(block['elements']).map(paragraphAsText).join('\n'),
  markdown: (block) => string(block['text']),
  alert: (block) => `! ${words(block['text'])}`,
  table: (block) => rowsAsText(block),
  data_table: (block) => `${string(block['caption'])}\n${rowsAsText(block)}`,
  data_visualization: (block) => chartAsText(string(block['title']), fields(block['chart'])),
  container: (block) =>
    [
      `▾ ${words(block['title']) || paragraphAsText(fields(block['rich_text_title']))}`,
      ...list(block['child_blocks']).map((child) => indented(blockAsText(child))),
    ].join('\n'),
};

function blockAsText(block: Fields): string {
  const type = string(block['type']);
  const render = Object.hasOwn(BLOCKS, type) ? BLOCKS[type] : undefined;
  return render ? render(block) : `(${type})`;
}

function sectionAsText(block: Fields): string {
  const accessory = block['accessory'] ? [fields(block['accessory'])] : [];
  const text = [words(block['text']), ...accessory.map(elementAsText)].filter(Boolean).join(' ');
  const lines = list(block['fields']).map((field) => `  | ${words(field).replaceAll('\n', ' ')}`);
  return [...(text ? [text] : []), ...accessory.flatMap(confirmLines), ...lines].join('\n');
}

const withConfirms = (elements: readonly Fields[]) =>
  [elements.map(elementAsText).join(' '), ...elements.flatMap(confirmLines)].join('\n');

/** A confirm dialog is wording too, so it has a line of its own under its button. */
function confirmLines(element: Fields): string[] {
  if (!element['confirm']) return [];
  const { title, text, confirm, deny } = fields(element['confirm']);
  return [`  ? ${words(title)} ${words(text)} [${words(confirm)}] [${words(deny)}]`];
}

const CHOICES = new Set(['checkboxes', 'radio_buttons']);

function elementAsText(element: Fields): string {
  const type = string(element['type']);
  if (type === 'plain_text' || type === 'mrkdwn') return words(element);
  if (type === 'image') return `(image: ${string(element['alt_text'])})`;
  if (type === 'button' || type === 'workflow_button') return `[${words(element['text'])}]`;
  if (type === 'overflow') return `[⋯ ${optionsAsText(element)}]`;
  if (CHOICES.has(type)) return `(${optionsAsText(element)})`;
  const shown = ['initial_value', 'initial_date', 'initial_time', 'initial_user']
    .map((field) => string(element[field]))
    .find(Boolean);
  const chosen = words(fields(element['initial_option'])['text']);
  const filled = shown ?? (chosen || words(element['placeholder']));
  return type.includes('input') ? `[${filled}____]` : `[${filled || 'choose'} ▾]`;
}

const optionsAsText = (element: Fields) =>
  list(element['options'])
    .map((option) => words(option['text']))
    .join(' / ');

const rowsAsText = (block: Fields) =>
  listOfLists(block['rows'])
    .map((row) => `| ${row.map(cellAsText).join(' | ')} |`)
    .join('\n');

const cellAsText = (cell: Fields) =>
  cell['type'] === 'rich_text' ? blockAsText(cell) : string(cell['text']);

function chartAsText(title: string, chart: Fields): string {
  const lines = list(chart['series']).map((series) => {
    const values = list(series['data']).map((point) => String(point['value']));
    return `${string(series['name'])} ${values.join(', ')}`;
  });
  const parts = list(chart['segments']).map(
    (segment) => `${string(segment['label'])} ${String(segment['value'])}`,
  );
  return `(${string(chart['type'])} chart “${title}”: ${[...lines, ...parts].join('; ')})`;
}

function paragraphAsText(paragraph: Fields): string {
  const elements = list(paragraph['elements']);
  const type = string(paragraph['type']);
  if (type === 'rich_text_list') {
    const ordered = paragraph['style'] === 'ordered';
    return elements
      .map((item, at) => `${ordered ? `${at + 1}.` : '•'} ${paragraphAsText(item)}`)
      .join('\n');
  }
  const text = elements.map(partAsText).join('');
  return type === 'rich_text_quote' ? `> ${text}` : text;
}

function partAsText(part: Fields): string {
  const marked = ['user_id', 'usergroup_id', 'channel_id'].find((field) => part[field]);
  if (marked) return `<${string(part[marked])}>`;
  if (part['type'] === 'emoji') return `:${string(part['name'])}:`;
  return string(part['text']) || string(part['url']) || string(part['fallback']);
}

const indented = (text: string) => text.replaceAll(/^/gm, '  ');
const string = (value: unknown) => (typeof value === 'string' ? value : '');
const fields = (value: unknown) => Object(value) as Fields;
const words = (text: unknown) => string(fields(text)['text']);
const list = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(fields) : []);
const listOfLists = (value: unknown): readonly (readonly Fields[])[] =>
  Array.isArray(value) ? value.map(list) : [];
