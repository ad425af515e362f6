import type { Page } from 'playwright-core';
import { afterAll, describe, expect, test, vi } from 'vitest';

import type { ElementState } from '#sandbox/protocol.ts';
import { closeBrowser, visit } from '#test/support/browser.ts';
import { whyNoChromium } from '#test/support/chromium.ts';
import { demoService } from '#test/support/demo-service.ts';
import { boltOverHttp } from '#test/support/stand-in.ts';

const missing = whyNoChromium();
if (missing) console.warn(`Not tested here: ${missing}`);

// A browser on a busy machine takes its time; a test that hangs is still cut off.
vi.setConfig({ testTimeout: 60_000 });
afterAll(closeBrowser);
const SOON = { timeout: 10_000 };

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text });
const option = (value: string) => ({ text: plain(value), value });

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
    await expect.poll(() => Object.keys(values).length, SOON).toBe(10);
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

describe.skipIf(missing && process.env['CI'] !== 'true')('the app', () => {
  test('has a Home tab that it keeps fresh, with inputs and buttons that work', async () => {
    const home = (text: string) => ({
      type: 'home' as const,
      blocks: [
        { type: 'section' as const, text: mrkdwn(text) },
        { type: 'actions' as const, elements: [press('again', 'Again')] },
      ],
    });
    const { slack } = await boltOverHttp(
      (app) => {
        app.event('app_home_opened', async ({ event, client: web }) => {
          await web.views.publish({ user_id: event.user, view: home('*3* releases in progress') });
        });
        app.action('again', async ({ ack, body, client: web }) => {
          await ack();
          await web.views.publish({
            user_id: body.user.id,
            view: home('*4* releases in progress'),
          });
        });
      },
      { routes: demoService().routes },
    );
    const page = await visit({ url: slack.url });
    await page.getByRole('list', { name: 'Apps' }).getByRole('button').click();
    await page.getByText('3 releases in progress').waitFor();
    await page.getByRole('button', { name: 'Again' }).click();
    await page.getByText('4 releases in progress').waitFor();
    await page.getByRole('button', { name: 'agent-ops' }).click();
    await page.getByRole('log').waitFor();
  });

  test('offers its shortcuts beside the composer and on a message', async () => {
    const used: string[] = [];
    const { slack } = await boltOverHttp(
      (app) => {
        app.shortcut(/.*/, async ({ ack, shortcut }) => {
          await ack();
          const on = shortcut.type === 'message_action' ? ` on ${shortcut.message.text}` : '';
          used.push(`${shortcut.callback_id}${on}`);
        });
      },
      { routes: demoService().routes },
    );
    const page = await visit({ url: slack.url });
    await page.getByRole('button', { name: 'Shortcuts', exact: true }).click();
    await page.getByRole('menuitem', { name: /^Start/ }).click();
    await slack.person('U0BO').says('It is rude', { channel: 'agent-ops' });
    await page.getByRole('article').hover();
    await page.getByRole('button', { name: 'Message shortcuts' }).click();
    await page.getByRole('menuitem', { name: /^Reason/ }).click();
    await expect.poll(() => used, SOON).toEqual(['start_release', 'use_as_reason on It is rude']);
  });
});

const press = (action_id: string, words: string) => ({
  type: 'button' as const,
  action_id,
  text: plain(words),
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
