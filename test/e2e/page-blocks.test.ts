import type { Block, KnownBlock } from '@slack/types';
import { afterAll, describe, expect, test, vi } from 'vitest';

import { closeBrowser, visit } from '#test/support/browser.ts';
import { whyNoChromium } from '#test/support/chromium.ts';
import { demoService } from '#test/support/demo-service.ts';
import { boltOverHttp, client } from '#test/support/stand-in.ts';

const missing = whyNoChromium();
if (missing) console.warn(`Not tested here: ${missing}`);

// A browser on a busy machine takes its time; a test that hangs is still cut off.
vi.setConfig({ testTimeout: 60_000 });
afterAll(closeBrowser);
const SOON = { timeout: 10_000 };

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
    await expect.poll(() => message.getByText(hostile).count(), SOON).toBe(2);
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
      .poll(() => message.innerText(), SOON)
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
    // What is not seen takes no room either, or the list would go on below its last message.
    const unseen = await message.locator('.visually-hidden').last().boundingBox();
    expect(unseen?.height).toBeLessThanOrEqual(1);
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
      .poll(() => told, SOON)
      .toMatchObject({
        service: { selected_option: { value: 'b' } },
        who: { selected_user: 'U0BO' },
        day: { selected_date: '2026-11-20' },
        parts: { selected_options: [{ value: 'mail' }] },
        more: { selected_option: { value: 'history' } },
      });
  });

  test('finds the options of a select while one types', async () => {
    const { page, message, app } = await posted([
      {
        type: 'section',
        text: mrkdwn('Which service?'),
        accessory: {
          type: 'external_select',
          action_id: 'service',
          min_query_length: 2,
          placeholder: plain('Find a service'),
        },
      },
    ]);
    let chosen = '';
    app.options('service', ({ ack, options }) => {
      const services = ['support-agent', 'billing-agent', 'triage'];
      return ack({ options: services.filter((one) => one.includes(options.value)).map(option) });
    });
    app.action('service', async ({ ack, action }) => {
      await ack();
      if (action.type === 'external_select') chosen = action.selected_option?.value ?? '';
    });
    await message.getByRole('button', { name: /Find a service/ }).click();
    await page.keyboard.type('gent');
    await expect.poll(() => page.getByRole('option').count(), SOON).toBe(2);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => chosen, SOON).toBe('billing-agent');
    await message.getByRole('button', { name: /billing-agent/ }).waitFor();
  });
});
