import type { Block, KnownBlock } from '@slack/types';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, test, vi } from 'vitest';

import type { ElementState } from '#sandbox/protocol.ts';
import { closeBrowser, visit, whyNoChromium } from '#test/support/browser.ts';
import { demoService } from '#test/support/demo-service.ts';
import { boltOverHttp, client } from '#test/support/stand-in.ts';

const missing = whyNoChromium();
if (missing) console.warn(`Not tested here: ${missing}`);

// A browser on a busy machine takes its time; a test that hangs is still cut off.
vi.setConfig({ testTimeout: 60_000 });
afterAll(closeBrowser);

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text });
const option = (value: string) => ({ text: plain(value), value });
const CATEGORIES = ['10:00', '10:05', '10:10'];
const points = (...values: number[]) =>
  values.map((value, index) => ({ label: CATEGORIES[index] ?? '', value }));

async function posted(blocks: readonly (KnownBlock | Block)[], text = 'blocks') {
  const { slack, app } = await boltOverHttp(() => {}, { routes: demoService().routes });
  const page = await visit({ url: slack.url });
  await client(slack).chat.postMessage({ channel: 'C0AGENTOPS', text, blocks: [...blocks] });
  const message = page.getByRole('article').last();
  await message.waitFor();
  return { page, slack, app, message };
}

describe.skipIf(missing && process.env['CI'] !== 'true')('a message', () => {
  test('shows hostile text as text', async () => {
    const hostile = '<img src=x onerror=alert(1)> <script>alert(1)</script> &amp; "\' javascript:';
    const escaped = hostile.replace(
      /[&<>]/g,
      (sign) => ({ '&': '&amp;', '<': '&lt;' })[sign] ?? '&gt;',
    );
    const { message } = await posted([
      { type: 'section', text: mrkdwn(escaped) },
      { type: 'section', text: plain(hostile) },
      { type: 'section', text: mrkdwn('<javascript:alert(1)|press> `&lt;b&gt;`') },
    ]);
    await expect.poll(() => message.getByText(hostile).count()).toBe(2);
    expect(await message.locator('img, script, a').count()).toBe(0);
    expect(await message.locator('code').innerText()).toBe('<b>');
  });

  test('shows mentions, dates, links and emoji as people know them', async () => {
    const { message } = await posted([
      {
        type: 'section',
        text: mrkdwn(
          ':rocket: <@U0BO> in <#C0SUPPORTOPS> at <!date^1763640000^{date_num} {time}|once>, ' +
            'see <https://example.com/?a=1&amp;b=2|the *log*>, <!subteam^S0OPS>',
        ),
      },
    ]);
    await expect
      .poll(() => message.innerText())
      .toContain('🚀 @Bo Lindqvist in #support-ops at 11/20/2025 13:00, see the *log*, @ops');
    const link = message.getByRole('link', { name: 'the *log*' });
    expect(await link.getAttribute('href')).toBe('https://example.com/?a=1&b=2');
    expect(await link.getAttribute('rel')).toContain('noopener');
  });

  test('draws a chart, and says its numbers to those who do not see it', async () => {
    const series = [
      { name: '2.4.0', data: points(1, 4.5, 41.2) },
      { name: '2.3.3', data: points(0.9, 0.8, 0.8) },
    ];
    const axis_config = { categories: CATEGORIES, y_label: 'errors, %' };
    const block = {
      type: 'data_visualization',
      title: 'Error rate',
      chart: { type: 'line', series, axis_config },
    };
    const { message } = await posted([block as Block]);
    await message.locator('svg path.curve').nth(1).waitFor();
    const row = message.getByRole('row', { name: '10:10' });
    expect(await row.getByRole('cell').allInnerTexts()).toEqual(['41.2', '0.8']);
  });

  test('draws bars, areas, pies, tables, fields, lists and context', async () => {
    const series = [{ name: 'a', data: points(1, 2, 3) }];
    const axis_config = { categories: CATEGORIES };
    const chart = (type: string) => ({
      type: 'data_visualization',
      title: type,
      chart:
        type === 'pie'
          ? {
              type,
              segments: [
                { label: 'a', value: 1 },
                { label: 'b', value: 3 },
              ],
            }
          : { type, series, axis_config },
    });
    const { message } = await posted([
      chart('area') as Block,
      chart('pie') as Block,
      { type: 'header', text: plain('#12 support-agent') },
      { type: 'section', fields: [mrkdwn('*Asked by*\n<@U0ANA>'), plain('two')] },
      {
        type: 'table',
        column_settings: [{}, { align: 'right' }],
        rows: [
          [
            { type: 'raw_text', text: 'guard' },
            { type: 'raw_text', text: 'limit' },
          ],
          [
            { type: 'raw_text', text: 'error_rate' },
            { type: 'raw_number', value: 5, text: '5 %' },
          ],
        ],
      },
      { type: 'divider' },
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_list',
            style: 'bullet',
            elements: [
              {
                type: 'rich_text_section',
                elements: [{ type: 'text', text: 'first', style: { bold: true } }],
              },
            ],
          },
          { type: 'rich_text_preformatted', elements: [{ type: 'text', text: '$ npm start' }] },
        ],
      },
      { type: 'image', image_url: 'https://elsewhere.example/a.png', alt_text: 'A ladder' },
      { type: 'context', elements: [mrkdwn('by *Mira*')] },
    ]);
    await message.getByRole('heading', { name: '#12 support-agent' }).waitFor();
    expect(await message.locator('path.area, path.slice').count()).toBe(3);
    expect(await message.getByRole('cell', { name: '5 %' }).count()).toBe(1);
    expect(await message.getByRole('listitem').filter({ hasText: 'first' }).count()).toBe(1);
    // The page asks no other machine for a picture; `visit` would complain.
    await message.getByText('A ladder').waitFor();
  });

  test('is edited in place while one looks at it', async () => {
    const { message, slack } = await posted([{ type: 'section', text: mrkdwn('▰▱▱ 1 %') }]);
    const [posting] = slack.channel('agent-ops').messages();
    const text = '▰▰▱ 5 %';
    const update = { channel: 'C0AGENTOPS', ts: posting?.ts ?? '', text };
    await client(slack).chat.update({
      ...update,
      blocks: [{ type: 'section', text: mrkdwn(text) }],
    });
    await message.getByText(text).waitFor();
    await message.getByText(/^updated/).waitFor();
    expect(await message.getByText('1 %', { exact: true }).count()).toBe(0);
  });

  test('tells the app what was chosen in its elements', async () => {
    const { message, page, app } = await posted([
      {
        type: 'actions',
        elements: [
          {
            type: 'static_select',
            action_id: 'service',
            placeholder: plain('Service'),
            options: ['a', 'b'].map(option),
          },
          { type: 'users_select', action_id: 'who', placeholder: plain('Who') },
          { type: 'datepicker', action_id: 'day' },
          { type: 'checkboxes', action_id: 'parts', options: ['writes', 'mail'].map(option) },
          { type: 'overflow', action_id: 'more', options: ['why', 'history'].map(option) },
        ],
      },
    ]);
    const told: Record<string, unknown> = {};
    app.action(/.*/, async ({ ack, action }) => {
      await ack();
      if ('action_id' in action) told[action.action_id] = action;
    });
    await message.getByRole('button', { name: 'Service' }).click();
    await page.getByRole('option', { name: 'b' }).click();
    await message.getByRole('button', { name: 'Who' }).click();
    await page.keyboard.type('lind');
    await page.keyboard.press('Enter');
    await message.locator('input[type=date]').fill('2026-11-20');
    await message.getByLabel('mail').check();
    await message.getByRole('button', { name: 'More actions' }).click();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => told)
      .toMatchObject({
        service: { selected_option: { value: 'b' } },
        who: { selected_user: 'U0BO' },
        day: { selected_date: '2026-11-20' },
        parts: { selected_options: [{ value: 'mail' }] },
        more: { selected_option: { value: 'history' } },
      });
  });
});

describe.skipIf(missing && process.env['CI'] !== 'true')('a modal', () => {
  test('hands in every kind of input, also those nobody touched', async () => {
    const values: Record<string, Record<string, ElementState>> = {};
    const { slack } = await boltOverHttp(
      (app) => {
        app.command('/rollout', async ({ ack, client: web, command }) => {
          await ack();
          await web.views.open({ trigger_id: command.trigger_id, view: EVERY_INPUT });
        });
        app.view('all', async ({ ack, view }) => {
          Object.assign(values, view.state.values);
          await ack();
        });
      },
      { routes: demoService().routes },
    );
    const page = await visit({ url: slack.url });
    await fillEverything(page);
    await expect.poll(() => Object.keys(values).length).toBe(10);
    expect(values).toMatchObject({
      text: { it: { value: 'two\nlines' } },
      mail: { it: { value: 'ana@example.com' } },
      link: { it: { value: 'https://example.com' } },
      count: { it: { value: '42' } },
      one: { it: { selected_option: { value: 'canary' } } },
      many: { it: { selected_options: [{ value: 'a' }, { value: 'c' }] } },
      radio: { it: { selected_option: { value: 'y' } } },
      people: { it: { selected_users: ['U0BO'] } },
      time: { it: { selected_time: '09:30' } },
      when: { it: { selected_date_time: Date.UTC(2026, 10, 21, 8) / 1000 } },
    });
  });
});

async function fillEverything(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: /^Message #/ }).fill('/rollout');
  await page.keyboard.press('Enter');
  const modal = page.getByRole('dialog', { name: 'Everything' });
  await modal.getByLabel('Text').fill('two\nlines');
  await modal.getByLabel('Mail').fill('ana@example.com');
  await modal.getByLabel('Link').fill('https://example.com');
  await modal.getByLabel('Count').fill('42');
  await modal.getByRole('button', { name: /^Many/ }).click();
  await page.getByRole('option', { name: 'a' }).click();
  await page.getByRole('option', { name: 'c' }).click();
  // Escape closes the list only, not the modal around it.
  await page.keyboard.press('Escape');
  await modal.getByLabel('y', { exact: true }).check();
  await modal.getByLabel('Time').fill('09:30');
  await modal.getByLabel('When').fill('2026-11-21T09:00');
  await modal.getByRole('button', { name: 'Go' }).click();
  await modal.waitFor({ state: 'detached' });
}

const input = (block_id: string, label: string, element: object) => ({
  type: 'input' as const,
  block_id,
  label: plain(label),
  element: { action_id: 'it', ...element } as never,
});

const EVERY_INPUT = {
  type: 'modal' as const,
  callback_id: 'all',
  title: plain('Everything'),
  submit: plain('Go'),
  blocks: [
    input('text', 'Text', { type: 'plain_text_input', multiline: true }),
    input('mail', 'Mail', { type: 'email_text_input' }),
    input('link', 'Link', { type: 'url_text_input' }),
    input('count', 'Count', { type: 'number_input', is_decimal_allowed: false }),
    input('one', 'One', {
      type: 'static_select',
      initial_option: option('canary'),
      options: ['canary', 'blue-green'].map(option),
    }),
    input('many', 'Many', { type: 'multi_static_select', options: ['a', 'b', 'c'].map(option) }),
    input('radio', 'Radio', { type: 'radio_buttons', options: ['x', 'y'].map(option) }),
    input('people', 'People', { type: 'multi_users_select', initial_users: ['U0BO'] }),
    input('time', 'Time', { type: 'timepicker' }),
    input('when', 'When', { type: 'datetimepicker' }),
  ],
};
