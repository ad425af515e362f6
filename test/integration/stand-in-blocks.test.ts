/** Each row of Slack's table of limits: just within it passes, one more is refused, and where. */
import { describe, expect, test } from 'vitest';

import { asText, viewAsText } from '#sandbox/slack/as-text.ts';
import { checkBlocks } from '#sandbox/slack/blocks/check-blocks.ts';
import { checkView } from '#sandbox/slack/blocks/check-view.ts';
import type { Surface } from '#sandbox/slack/blocks/surface.ts';
import { client, standIn } from '#test/support/stand-in.ts';

const x = (count: number) => 'x'.repeat(count);
const many = <One>(count: number, make: (at: number) => One) =>
  Array.from({ length: count }, (_, at) => make(at));
const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
const button = (about: object = {}) => ({ type: 'button', text: plain('Go'), ...about });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const option = (value: string) => ({ text: plain('one'), value });
const menu = (about: object) => ({ type: 'static_select', ...about });
const dialog = (about: object) => ({
  title: plain('Sure?'),
  text: plain('This is hard to take back.'),
  confirm: plain('Yes'),
  deny: plain('No'),
  ...about,
});
const input = (element: object, about: object = {}) => ({
  type: 'input',
  label: plain('Name'),
  element,
  ...about,
});
const cell = (text: string) => ({ type: 'raw_text', text });
const row = (cells: number) => many(cells, () => cell('a'));
const dataTable = (rows: number, columns: number, about: object = {}) => ({
  type: 'data_table',
  caption: 'Releases',
  rows: many(rows, () => row(columns)),
  ...about,
});
const lineChart = (about: { series?: number; points?: number; title?: number; name?: number }) => {
  const categories = many(about.points ?? 2, (at) => `c${at}`);
  return {
    type: 'data_visualization',
    title: x(about.title ?? 5),
    chart: {
      type: 'line',
      axis_config: { categories },
      series: many(about.series ?? 1, (at) => ({
        name: `${at}`.padStart(about.name ?? 1, 'n'),
        data: categories.map((label) => ({ label, value: 1 })),
      })),
    },
  };
};
const pie = (segments: number, value = 1) => ({
  type: 'data_visualization',
  title: 'Split',
  chart: { type: 'pie', segments: many(segments, (at) => ({ label: `s${at}`, value })) },
});

type Limit = {
  readonly what: string;
  readonly max: number;
  readonly pointer: string;
  /** The blocks with this much of it. */
  readonly with: (count: number) => readonly object[];
  readonly on?: Surface;
};

const one = (block: (count: number) => object) => (count: number) => [block(count)];
const inActions = (element: (count: number) => object) => one((count) => actions(element(count)));
const confirmed = (about: (count: number) => object) =>
  inActions((count) => button({ confirm: dialog(about(count)) }));
const asked = (element: (count: number) => object) => one((count) => input(element(count)));

const LIMITS: readonly Limit[] = [
  {
    what: 'blocks in a message',
    max: 50,
    pointer: '/blocks',
    with: (n) => many(n, () => section('a')),
  },
  {
    what: 'blocks in a modal',
    max: 100,
    pointer: '/blocks',
    with: (n) => many(n, () => section('a')),
    on: 'modal',
  },
  {
    what: 'blocks in a Home tab',
    max: 100,
    pointer: '/blocks',
    with: (n) => many(n, () => section('a')),
    on: 'home',
  },
  {
    what: 'block_id',
    max: 255,
    pointer: '/blocks/0/block_id',
    with: one((n) => ({ type: 'divider', block_id: x(n) })),
  },
  {
    what: 'action_id',
    max: 255,
    pointer: '/blocks/0/elements/0/action_id',
    with: inActions((n) => button({ action_id: x(n) })),
  },
  {
    what: 'text of a section',
    max: 3_000,
    pointer: '/blocks/0/text/text',
    with: one((n) => section(x(n))),
  },
  {
    what: 'fields of a section',
    max: 10,
    pointer: '/blocks/0/fields',
    with: one((n) => ({ type: 'section', fields: many(n, () => plain('a')) })),
  },
  {
    what: 'text of a field',
    max: 2_000,
    pointer: '/blocks/0/fields/0/text',
    with: one((n) => ({ type: 'section', fields: [plain(x(n))] })),
  },
  {
    what: 'header',
    max: 150,
    pointer: '/blocks/0/text/text',
    with: one((n) => ({ type: 'header', text: plain(x(n)) })),
  },
  {
    what: 'level of a header',
    max: 4,
    pointer: '/blocks/0/level',
    with: one((level) => ({ type: 'header', text: plain('a'), level })),
  },
  {
    what: 'elements of a context',
    max: 10,
    pointer: '/blocks/0/elements',
    with: one((n) => ({ type: 'context', elements: many(n, () => mrkdwn('a')) })),
  },
  {
    what: 'elements of actions',
    max: 25,
    pointer: '/blocks/0/elements',
    with: one((n) => actions(...many(n, () => button()))),
  },
  {
    what: 'elements of context_actions',
    max: 5,
    pointer: '/blocks/0/elements',
    with: one((n) => ({
      type: 'context_actions',
      elements: many(n, () => ({ type: 'icon_button', icon: 'trash', text: plain('a') })),
    })),
  },
  {
    what: 'text of a button',
    max: 75,
    pointer: '/blocks/0/elements/0/text/text',
    with: inActions((n) => button({ text: plain(x(n)) })),
  },
  {
    what: 'value of a button',
    max: 2_000,
    pointer: '/blocks/0/elements/0/value',
    with: inActions((n) => button({ value: x(n) })),
  },
  {
    what: 'url of a button',
    max: 3_000,
    pointer: '/blocks/0/elements/0/url',
    with: inActions((n) => button({ url: `https://${x(n - 8)}` })),
  },
  {
    what: 'accessibility_label of a button',
    max: 75,
    pointer: '/blocks/0/elements/0/accessibility_label',
    with: inActions((n) => button({ accessibility_label: x(n) })),
  },
  {
    what: 'title of a confirm dialog',
    max: 100,
    pointer: '/blocks/0/elements/0/confirm/title/text',
    with: confirmed((n) => ({ title: plain(x(n)) })),
  },
  {
    what: 'text of a confirm dialog',
    max: 300,
    pointer: '/blocks/0/elements/0/confirm/text/text',
    with: confirmed((n) => ({ text: mrkdwn(x(n)) })),
  },
  {
    what: 'confirm of a confirm dialog',
    max: 30,
    pointer: '/blocks/0/elements/0/confirm/confirm/text',
    with: confirmed((n) => ({ confirm: plain(x(n)) })),
  },
  {
    what: 'deny of a confirm dialog',
    max: 30,
    pointer: '/blocks/0/elements/0/confirm/deny/text',
    with: confirmed((n) => ({ deny: plain(x(n)) })),
  },
  {
    what: 'text of an option',
    max: 75,
    pointer: '/blocks/0/elements/0/options/0/text/text',
    with: inActions((n) => menu({ options: [{ text: plain(x(n)), value: 'a' }] })),
  },
  {
    what: 'description of an option',
    max: 75,
    pointer: '/blocks/0/elements/0/options/0/description/text',
    with: inActions((n) => menu({ options: [{ ...option('a'), description: plain(x(n)) }] })),
  },
  {
    what: 'value of an option',
    max: 75,
    pointer: '/blocks/0/elements/0/options/0/value',
    with: inActions((n) => menu({ options: [option(x(n))] })),
  },
  {
    what: 'options of a select',
    max: 100,
    pointer: '/blocks/0/elements/0/options',
    with: inActions((n) => menu({ options: many(n, (at) => option(`${at}`)) })),
  },
  {
    what: 'option groups of a select',
    max: 100,
    pointer: '/blocks/0/elements/0/option_groups',
    with: inActions((n) =>
      menu({ option_groups: many(n, () => ({ label: plain('g'), options: [option('a')] })) }),
    ),
  },
  {
    what: 'options of checkboxes',
    max: 10,
    pointer: '/blocks/0/elements/0/options',
    with: inActions((n) => ({ type: 'checkboxes', options: many(n, (at) => option(`${at}`)) })),
  },
  {
    what: 'options of radio buttons',
    max: 10,
    pointer: '/blocks/0/elements/0/options',
    with: inActions((n) => ({ type: 'radio_buttons', options: many(n, (at) => option(`${at}`)) })),
  },
  {
    what: 'options of an overflow menu',
    max: 5,
    pointer: '/blocks/0/elements/0/options',
    with: inActions((n) => ({ type: 'overflow', options: many(n, (at) => option(`${at}`)) })),
  },
  {
    what: 'placeholder',
    max: 150,
    pointer: '/blocks/0/element/placeholder/text',
    with: asked((n) => ({ type: 'plain_text_input', placeholder: plain(x(n)) })),
    on: 'modal',
  },
  {
    what: 'label of an input',
    max: 2_000,
    pointer: '/blocks/0/label/text',
    with: one((n) => input({ type: 'plain_text_input' }, { label: plain(x(n)) })),
    on: 'modal',
  },
  {
    what: 'hint of an input',
    max: 2_000,
    pointer: '/blocks/0/hint/text',
    with: one((n) => input({ type: 'plain_text_input' }, { hint: plain(x(n)) })),
    on: 'modal',
  },
  {
    what: 'max_length of an input',
    max: 3_000,
    pointer: '/blocks/0/element/max_length',
    with: asked((n) => ({ type: 'plain_text_input', max_length: n })),
    on: 'modal',
  },
  {
    what: 'min_length of an input',
    max: 3_000,
    pointer: '/blocks/0/element/min_length',
    with: asked((n) => ({ type: 'plain_text_input', min_length: n })),
    on: 'modal',
  },
  {
    what: 'alt_text of an image',
    max: 2_000,
    pointer: '/blocks/0/alt_text',
    with: one((n) => ({ type: 'image', image_url: 'https://a.example/b.png', alt_text: x(n) })),
  },
  {
    what: 'title of an image',
    max: 2_000,
    pointer: '/blocks/0/title/text',
    with: one((n) => ({
      type: 'image',
      image_url: 'https://a.example/b.png',
      alt_text: 'a',
      title: plain(x(n)),
    })),
  },
  {
    what: 'url of an image',
    max: 3_000,
    pointer: '/blocks/0/image_url',
    with: one((n) => ({ type: 'image', image_url: `https://${x(n - 8)}`, alt_text: 'a' })),
  },
  {
    what: 'one markdown block',
    max: 12_000,
    pointer: '/blocks/0/text',
    with: one((n) => ({ type: 'markdown', text: x(n) })),
  },
  {
    what: 'markdown blocks together',
    max: 12_000,
    pointer: '/blocks/1',
    with: (n) => [
      { type: 'markdown', text: x(6_000) },
      { type: 'markdown', text: x(n - 6_000) },
    ],
  },
  {
    what: 'rows of a table',
    max: 100,
    pointer: '/blocks/0/rows',
    with: one((n) => ({ type: 'table', rows: many(n, () => row(1)) })),
  },
  {
    what: 'cells of a table row',
    max: 20,
    pointer: '/blocks/0/rows/0',
    with: one((n) => ({ type: 'table', rows: [row(n)] })),
  },
  {
    what: 'column settings of a table',
    max: 20,
    pointer: '/blocks/0/column_settings',
    with: one((n) => ({
      type: 'table',
      rows: [row(1)],
      column_settings: many(n, () => ({ align: 'right' })),
    })),
  },
  {
    what: 'rows of a data table',
    max: 101,
    pointer: '/blocks/0/rows',
    with: one((n) => dataTable(n, 1)),
  },
  {
    what: 'columns of a data table',
    max: 20,
    pointer: '/blocks/0/rows/0',
    with: one((n) => dataTable(2, n)),
  },
  {
    what: 'characters of data tables',
    max: 10_000,
    pointer: '/blocks/0',
    with: one((n) => ({
      type: 'data_table',
      caption: 'Releases',
      rows: [[cell('h')], [cell(x(n - 1))]],
    })),
  },
  {
    what: 'page_size of a data table',
    max: 100,
    pointer: '/blocks/0/page_size',
    with: one((n) => dataTable(2, 1, { page_size: n })),
  },
  {
    what: 'charts in a message',
    max: 2,
    pointer: '/blocks/2',
    with: (n) => many(n, () => lineChart({})),
  },
  {
    what: 'title of a chart',
    max: 50,
    pointer: '/blocks/0/title',
    with: one((n) => lineChart({ title: n })),
  },
  {
    what: 'series of a chart',
    max: 6,
    pointer: '/blocks/0/chart/series',
    with: one((n) => lineChart({ series: n })),
  },
  {
    what: 'name of a series',
    max: 20,
    pointer: '/blocks/0/chart/series/0/name',
    with: one((n) => lineChart({ name: n })),
  },
  {
    what: 'categories of a chart',
    max: 20,
    pointer: '/blocks/0/chart/axis_config/categories',
    with: one((n) => lineChart({ points: n })),
  },
  {
    what: 'segments of a pie',
    max: 6,
    pointer: '/blocks/0/chart/segments',
    with: one((n) => pie(n)),
  },
  {
    what: 'title of a card',
    max: 150,
    pointer: '/blocks/0/title/text',
    with: one((n) => ({ type: 'card', title: mrkdwn(x(n)) })),
  },
  {
    what: 'body of a card',
    max: 200,
    pointer: '/blocks/0/body/text',
    with: one((n) => ({ type: 'card', body: mrkdwn(x(n)) })),
  },
  {
    what: 'actions of a card',
    max: 2,
    pointer: '/blocks/0/actions',
    with: one((n) => ({ type: 'card', title: mrkdwn('a'), actions: many(n, () => button()) })),
  },
  {
    what: 'cards of a carousel',
    max: 10,
    pointer: '/blocks/0/elements',
    with: one((n) => ({
      type: 'carousel',
      elements: many(n, () => ({ type: 'card', title: mrkdwn('a') })),
    })),
  },
  {
    what: 'children of a container',
    max: 10,
    pointer: '/blocks/0/child_blocks',
    with: one((n) => ({
      type: 'container',
      title: plain('a'),
      child_blocks: many(n, () => section('a')),
    })),
  },
  {
    what: 'alert',
    max: 200,
    pointer: '/blocks/0/text/text',
    with: one((n) => ({ type: 'alert', text: mrkdwn(x(n)) })),
    on: 'modal',
  },
];

describe.each(LIMITS)('$what', ({ max, pointer, on = 'message', ...limit }) => {
  test(`may be ${max}`, () => {
    expect(checkBlocks(limit.with(max), on)).toEqual([]);
  });
  test(`may not be ${max + 1}, which is told at ${pointer}`, () => {
    const pointers = checkBlocks(limit.with(max + 1), on).map((complaint) => complaint.pointer);
    expect(new Set(pointers)).toContain(pointer);
  });
});

describe('where a block may stand', () => {
  const SAMPLES: Readonly<Record<string, object>> = {
    section: section('a'),
    header: { type: 'header', text: plain('a') },
    divider: { type: 'divider' },
    context: { type: 'context', elements: [plain('a')] },
    actions: actions(button()),
    input: input({ type: 'plain_text_input' }),
    rich_text: { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [] }] },
    markdown: { type: 'markdown', text: 'a' },
    alert: { type: 'alert', text: plain('a') },
    table: { type: 'table', rows: [row(1)] },
    data_table: dataTable(2, 1),
    data_visualization: lineChart({}),
    card: { type: 'card', title: mrkdwn('a') },
    carousel: { type: 'carousel', elements: [{ type: 'card', title: mrkdwn('a') }] },
    container: { type: 'container', title: plain('a'), child_blocks: [section('a')] },
    plan: { type: 'plan', title: 'a' },
    task_card: { type: 'task_card', task_id: 't', title: 'a', status: 'pending' },
    file: { type: 'file', source: 'remote', external_id: 'a' },
  };
  const FORBIDDEN: Readonly<Record<Surface, readonly string[]>> = {
    message: ['alert', 'file'],
    modal: [
      ...['card', 'carousel', 'container', 'data_table', 'data_visualization', 'file'],
      ...['markdown', 'plan', 'table', 'task_card'],
    ],
    home: ['alert', 'data_table', 'file', 'markdown', 'plan', 'table', 'task_card'],
  };

  test.each(['message', 'modal', 'home'] as const)('in a %s is checked for each', (surface) => {
    const refused = Object.entries(SAMPLES)
      .filter(([, sample]) => checkBlocks([sample], surface).length > 0)
      .map(([type]) => type);
    expect(refused.toSorted()).toEqual(FORBIDDEN[surface].toSorted());
  });

  test('is checked for elements too', () => {
    const told = (blocks: readonly object[], surface: Surface) =>
      checkBlocks(blocks, surface).map(({ message }) => message);
    const email = input({ type: 'email_text_input' });
    expect(told([email], 'message')).toEqual(['unsupported type: email_text_input']);
    expect(told([email], 'modal')).toEqual([]);
    const moment = actions({ type: 'datetimepicker' });
    expect(told([moment], 'message')).toEqual([]);
    expect(told([moment], 'home')).toEqual(['unsupported type: datetimepicker']);
    const misplaced = { ...section('a'), accessory: { type: 'plain_text_input' } };
    expect(told([misplaced], 'message')).toEqual(['unsupported type: plain_text_input']);
  });
});

describe('what Slack says of', () => {
  const told = (...blocks: unknown[]) =>
    checkBlocks(blocks, 'message').map(({ message, pointer }) => `${message} ${pointer}`);

  test('something that is missing, unknown or of the wrong kind', () => {
    expect(told({ type: 'header' })).toEqual(['missing required field: text /blocks/0']);
    expect(told(actions({ type: 'button' }))).toEqual([
      'missing required field: text /blocks/0/elements/0',
    ]);
    expect(told(section(''))).toEqual(['must be more than 0 characters /blocks/0/text/text']);
    expect(told({ type: 'sketch' })).toEqual(['unsupported type: sketch /blocks/0/type']);
    expect(told('words')).toEqual(['must be a valid object /blocks/0']);
    expect(told({ type: 'divider', colour: 'red' })).toEqual([
      'invalid additional property: colour /blocks/0',
    ]);
    expect(told({ type: 'header', text: mrkdwn('a') })).toEqual([
      'must be one of: plain_text /blocks/0/text/type',
    ]);
    expect(told(actions(button({ style: 'green' })))).toEqual([
      'must be one of: primary, danger /blocks/0/elements/0/style',
    ]);
    expect(told({ type: 'section' })).toEqual(['must have text or fields /blocks/0']);
    expect(told(actions())).toEqual(['must have at least 1 items /blocks/0/elements']);
  });

  test('ids that are used twice', () => {
    expect(told({ type: 'divider', block_id: 'a' }, { type: 'divider', block_id: 'a' })).toEqual([
      'block_id "a" already exists /blocks/1/block_id',
    ]);
    expect(told(actions(button({ action_id: 'a' }), button({ action_id: 'a' })))).toEqual([
      'action_id "a" already exists /blocks/0/elements/1/action_id',
    ]);
  });

  test('a second table of either kind', () => {
    expect(told({ type: 'table', rows: [row(1)] }, dataTable(2, 1))).toEqual([
      'only_one_table_allowed /blocks/1',
    ]);
  });

  test('charts whose points and categories differ, or whose pieces are empty', () => {
    const chart = lineChart({ points: 2 });
    const [series] = chart.chart.series;
    const gap = { ...series, data: series?.data.slice(1) };
    const odd = (one: unknown) => ({ ...chart, chart: { ...chart.chart, series: one } });
    const unequal = 'must have one point per category, with labels equal to the categories';
    expect(told(odd([gap]))).toEqual([`${unequal} /blocks/0/chart/series/0/data`]);
    expect(told(odd([series, series]))).toEqual([
      'series names must be unique /blocks/0/chart/series',
    ]);
    expect(told(pie(1, 0))).toEqual(['must be greater than 0 /blocks/0/chart/segments/0/value']);
  });

  test('tables with a ragged row or a header in rich text', () => {
    const ragged = { ...dataTable(2, 2), rows: [row(2), row(1)] };
    expect(told(ragged)).toEqual(['must have as many cells as the header /blocks/0/rows/1']);
    const rich = { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [] }] };
    expect(told({ ...dataTable(2, 1), rows: [[rich], row(1)] })).toEqual([
      'unsupported type /blocks/0/rows/0/0/type',
    ]);
    expect(told(dataTable(1, 1))).toEqual([
      'must have a header and at least one row /blocks/0/rows',
    ]);
  });

  test('a choice that is not offered', () => {
    const chosen = menu({ options: [option('a')], initial_option: option('b') });
    expect(told(actions(chosen))).toEqual([
      'must be among the options /blocks/0/elements/0/initial_option',
    ]);
  });
});

describe('a modal', () => {
  const modal = (about: object) => ({
    type: 'modal',
    title: plain('Start'),
    blocks: [section('a')],
    ...about,
  });
  const pointers = (about: object) =>
    checkView(modal(about), 'modal').map(({ message, pointer }) => `${message} ${pointer}`);

  test('is titled and buttoned in 24 characters', () => {
    for (const field of ['title', 'submit', 'close']) {
      expect(pointers({ [field]: plain(x(24)) })).toEqual([]);
      expect(pointers({ [field]: plain(x(25)) })).toEqual([
        `must be less than 25 characters /view/${field}/text`,
      ]);
    }
  });

  test('carries at most 3 000 characters of its own, and ids of 255', () => {
    expect(pointers({ private_metadata: x(3_000), callback_id: x(255) })).toEqual([]);
    expect(pointers({ private_metadata: x(3_001) })).toHaveLength(1);
    expect(pointers({ callback_id: x(256) })).toHaveLength(1);
    expect(pointers({ external_id: x(256) })).toHaveLength(1);
  });

  test('with an input has a submit button', () => {
    const blocks = [input({ type: 'plain_text_input' })];
    expect(pointers({ blocks })).toEqual(['missing required field: submit /view']);
    expect(pointers({ blocks, submit: plain('Start') })).toEqual([]);
  });

  test('has one element with the focus', () => {
    const focused = input({ type: 'plain_text_input', focus_on_load: true });
    const blocks = [focused, focused];
    expect(pointers({ blocks, submit: plain('Start') })).toEqual([
      'only one element may have focus_on_load /view/blocks/1/element/focus_on_load',
    ]);
  });
});

describe('over the wire', () => {
  test('posting is refused with the pointer in the messages', async () => {
    const slack = await standIn();
    const blocks = [section('a'), { type: 'header', text: plain(x(151)) }];
    const posted = client(slack).chat.postMessage({
      channel: 'C0AGENTOPS',
      text: 'a',
      blocks: blocks as never,
    });
    await expect(posted).rejects.toMatchObject({
      data: {
        error: 'invalid_blocks',
        response_metadata: {
          messages: ['[ERROR] must be less than 151 characters [json-pointer:/blocks/1/text/text]'],
        },
      },
    });
  });

  test('blocks.validate needs no token and exactly one of its three', async () => {
    const slack = await standIn();
    const validate = async (body: object) => {
      const headers = { 'content-type': 'application/json' };
      const request = { method: 'POST', headers, body: JSON.stringify(body) };
      return (await fetch(`${slack.apiUrl}blocks.validate`, request)).json();
    };
    expect(await validate({ blocks: [section('a')] })).toEqual({ ok: true });
    expect(await validate({ message: { blocks: [section('a')] } })).toEqual({ ok: true });
    expect(await validate({ view: { type: 'home', blocks: [section('a')] } })).toEqual({
      ok: true,
    });
    expect(await validate({ blocks: [section('')] })).toEqual({
      ok: false,
      error: 'invalid_blocks',
      errors: [
        {
          code: 'too_short',
          message: 'must be more than 0 characters',
          field: 'text',
          pointer: '/blocks/0/text/text',
          constraint: 1,
        },
      ],
    });
    expect(await validate({ message: { blocks: [{ type: 'a' }] } })).toMatchObject({
      errors: [{ pointer: '/message/blocks/0/type' }],
    });
    expect(await validate({})).toMatchObject({ error: 'invalid_arguments' });
    expect(await validate({ blocks: [], view: {} })).toMatchObject({ error: 'invalid_arguments' });
    const long = [{ type: 'markdown', text: x(100_001) }];
    expect(await validate({ blocks: long })).toMatchObject({ error: 'invalid_arguments' });
  });
});

describe('blocks as text', () => {
  test('are one line each, with buttons in brackets', () => {
    const blocks = [
      { type: 'header', text: plain('#12 support-agent: 2.3.3 → 2.4.0') },
      section('*50 %*  paused: p95 &lt;2 s&gt;'),
      { type: 'section', fields: [mrkdwn('*by*\nAna'), mrkdwn('*weight*\n50 %')] },
      { type: 'divider' },
      { type: 'context', elements: [mrkdwn('asked by <@U0ANA>'), plain('today')] },
      actions(
        button({ text: plain('Resume') }),
        button({ text: plain('Roll back'), confirm: dialog({ confirm: plain('Roll back') }) }),
        menu({ placeholder: plain('More'), options: [option('a')] }),
      ),
      { type: 'table', rows: [[cell('key'), cell('value')], row(2)] },
      lineChart({ series: 2 }),
      pie(2, 50),
    ];
    expect(asText({ text: 'fallback', blocks })).toBe(
      [
        '# #12 support-agent: 2.3.3 → 2.4.0',
        '*50 %*  paused: p95 &lt;2 s&gt;',
        '  | *by* Ana',
        '  | *weight* 50 %',
        '---',
        '· asked by <@U0ANA> · today',
        '[Resume] [Roll back] [More ▾]',
        '  ? Sure? This is hard to take back. [Roll back] [No]',
        '| key | value |',
        '| a | a |',
        '(line chart “xxxxx”: 0 1, 1; 1 1, 1)',
        '(pie chart “Split”: s0 50; s1 50)',
      ].join('\n'),
    );
    expect(asText({ text: 'only words' })).toBe('only words');
  });

  test('of a modal stand between its title and its buttons', () => {
    const text = viewAsText({
      title: plain('Kill switch'),
      submit: plain('Switch on'),
      close: plain('Cancel'),
      blocks: [
        { type: 'alert', text: plain('stops all actions') },
        input({ type: 'plain_text_input', initial_value: 'writes' }, { hint: plain('a name') }),
        input({ type: 'checkboxes', options: [option('a'), option('b')] }, { optional: true }),
      ],
    });
    expect(text).toBe(
      [
        '== Kill switch ==',
        '! stops all actions',
        'Name: [writes____] (a name)',
        'Name (optional): (one / one)',
        '[Switch on] [Cancel]',
      ].join('\n'),
    );
  });
});
