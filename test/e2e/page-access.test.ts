import axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { afterAll, describe, expect, test, vi } from 'vitest';

import { closeBrowser, type Visit, visit } from '#test/support/browser.ts';
import { listenToCards } from '#test/support/card-bot.ts';
import { whyNoChromium } from '#test/support/chromium.ts';
import { demoService } from '#test/support/demo-service.ts';
import { bot } from '#test/support/slack-bot.ts';
import { boltOverHttp, client } from '#test/support/stand-in.ts';

const missing = whyNoChromium();
if (missing) console.warn(`Not tested here: ${missing}`);

// A browser on a busy machine takes its time; a test that hangs is still cut off.
vi.setConfig({ testTimeout: 60_000 });
afterAll(closeBrowser);

type Finding = { id: string; impact: string; nodes: { html: string }[] };

/** What people with screen readers, keyboards or weak eyes would stumble over, in either colours. */
async function findings(page: Page): Promise<string[]> {
  // It is half a megabyte, so a page is given it once.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  const inLight = await serious(page, '{}');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html[data-theme="dark"]').waitFor();
  // Nothing else on the page depends on its colours.
  const inDark = await serious(page, '{ runOnly: ["color-contrast"] }');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.locator('html[data-theme="light"]').waitFor();
  return [...inLight, ...inDark.map((finding) => `in dark colours: ${finding}`)];
}

async function serious(page: Page, options: string): Promise<string[]> {
  const found: Finding[] = await page.evaluate(
    `axe.run(document, { resultTypes: ["violations"], ...${options} }).then(({ violations }) => violations)`,
  );
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

async function sandbox(look: Partial<Visit> = {}) {
  const { slack } = await boltOverHttp(listenToCards, { routes: demoService().routes });
  const page = await visit({ url: slack.url, ...look });
  return { slack, page };
}

const composer = (page: Page) => page.getByRole('textbox', { name: /^Message #/ });

/** Goes to something as people do who have no mouse. */
const keyboardOn = (page: Page) => async (wanted: Locator) => {
  await wanted.waitFor();
  for (let tabs = 0; tabs < 80; tabs += 1) {
    if ((await wanted.and(page.locator(':focus')).count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never came to ${wanted}`);
};

async function propose(page: Page): Promise<void> {
  await composer(page).fill('/rollout start support-agent 2.4.0');
  await composer(page).press('Enter');
  await page.getByRole('button', { name: 'Approve', exact: true }).waitFor();
}

describe.skipIf(missing && process.env['CI'] !== 'true')('the page is for everybody', () => {
  test('axe finds nothing serious: cards, a thread, completion, a modal', async () => {
    const { page, slack } = await sandbox({ tour: true });
    await propose(page);
    const card = await slack.channel('agent-ops').message(/support-agent/);
    await slack.person('U0BO').presses('Approve', card);
    await slack
      .person('U0CHIDI')
      .says('see https://example.com/log `now`', { channel: 'agent-ops' });
    await composer(page).fill('/rollout ');
    await page.getByRole('listbox', { name: 'Commands' }).waitFor();
    expect(await findings(page)).toEqual([]);

    await composer(page).press('Escape');
    await page.getByRole('button', { name: /1 reply/ }).click();
    await page.getByRole('complementary', { name: 'Thread' }).waitFor();
    expect(await findings(page)).toEqual([]);

    await composer(page).fill('/rollout start');
    await composer(page).press('Enter');
    const modal = page.getByRole('dialog', { name: 'Start a release' });
    await modal.getByRole('button', { name: 'Propose' }).click();
    await modal.getByRole('alert').first().waitFor();
    expect(await findings(page)).toEqual([]);
  });

  test('a keyboard alone starts, approves and rolls back', async () => {
    const { page } = await sandbox();
    const tabTo = keyboardOn(page);
    const pressed = async (name: string) => {
      await tabTo(page.getByRole('button', { name, exact: true }));
      await page.keyboard.press('Enter');
    };
    await composer(page).focus();
    await page.keyboard.type('/rol');
    await page.keyboard.press('Tab');
    await page.keyboard.type('start support-agent 2.4.0');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Approve', exact: true }).waitFor();
    await pressed('Bo Lindqvist approver');
    await page.getByPlaceholder('as Bo Lindqvist').waitFor();
    await pressed('Approve');
    await pressed('Roll back');
    await pressed('Roll back to 2.3.3');
    await page.getByText('Rolled back to 2.3.3').waitFor();
  });

  test('Home and its forms are for everybody, and a keyboard alone works them', async () => {
    const { slack } = await bot({ routes: demoService().routes });
    await slack.person('U0ANA').types('/rollout start support-agent 2.4.0');
    await slack.person('U0CHIDI').types('/killswitch on writes it deletes too much');
    const page = await visit({ url: slack.url, person: 'U0BO' });
    const tabTo = keyboardOn(page);
    await tabTo(page.getByRole('list', { name: 'Apps' }).getByRole('button'));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Waiting for you' }).waitFor();
    expect(await findings(page)).toEqual([]);

    await tabTo(page.getByRole('button', { name: /^Approve/ }));
    await page.keyboard.press('Enter');
    await page.getByText('Nothing waits for your approval.').waitFor();

    await tabTo(page.getByRole('button', { name: 'Search the register' }));
    await page.keyboard.press('Enter');
    const form = page.getByRole('dialog');
    await tabTo(form.getByRole('button', { name: 'Search' }));
    await page.keyboard.press('Enter');
    await form.getByText('approved support-agent').waitFor();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });

    await tabTo(page.getByRole('button', { name: 'Switch on a kill switch' }));
    await page.keyboard.press('Enter');
    await tabTo(form.getByLabel('Or another switch'));
    await page.keyboard.type('refunds');
    await page.keyboard.press('Enter');
    await form.getByText('stops what agents ask').waitFor();
    expect(await findings(page)).toEqual([]);
    await tabTo(form.getByLabel('Why?'));
    await page.keyboard.type('it gives too much');
    await tabTo(form.getByRole('button', { name: 'Switch on', exact: true }));
    await page.keyboard.press('Enter');
    await form.getByText('“refunds” is on').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('it gives too much').first().waitFor();
  });

  test('a phone shows one pane at a time, and nothing runs out of it', async () => {
    const { page, slack } = await sandbox({ width: 390, height: 780 });
    await propose(page);
    await client(slack).chat.postMessage({
      channel: 'C0AGENTOPS',
      text: `long ${'x'.repeat(900)}`,
    });
    await page.getByText(/long x/).waitFor();
    const overflow = () => page.evaluate('document.documentElement.scrollWidth - innerWidth');
    const rail = page.getByRole('navigation', { name: 'Workspace' });
    expect(await overflow()).toBeLessThanOrEqual(0);
    expect(await rail.isVisible()).toBe(false);

    await page.getByRole('button', { name: 'Back to the channels' }).click();
    await rail.getByRole('button', { name: 'Bo Lindqvist' }).click();
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByRole('button', { name: /1 reply/ }).click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.getByRole('button', { name: 'Back to #agent-ops' }).click();
    await page.getByRole('button', { name: 'Live' }).click();
    await page.getByRole('complementary', { name: 'Live traffic' }).waitFor();
    expect(await overflow()).toBeLessThanOrEqual(0);
    expect(await findings(page)).toEqual([]);
  });

  test('of many messages a few are drawn at a time, and a new one is there at once', async () => {
    const { slack } = await boltOverHttp(() => {}, { routes: demoService().routes });
    const post = (text: string) => slack.person('U0BO').says(text, { channel: 'agent-ops' });
    for (let index = 0; index < 600; index += 1) await post(`Message ${index} with *words*`);
    const page = await visit({ url: slack.url });
    await page.getByText('Message 599').waitFor();
    expect(await page.getByRole('article').count()).toBeLessThan(300);

    const list = page.getByRole('log');
    for (let turn = 0; turn < 10; turn += 1)
      await list.evaluate((element) => element.scrollTo(0, 0));
    await page.getByText('This is the very beginning').waitFor();
    expect(await page.getByRole('article').count()).toBeLessThan(300);
    await page.getByRole('button', { name: 'Newest' }).click();
    await page.getByText('Message 599').waitFor();
    await post('Here I am');
    await page.getByText('Here I am').waitFor();
  });

  test('what was chosen outlives a reload: person, colours', async () => {
    const { page } = await sandbox();
    await page.getByRole('button', { name: 'Switch to dark colours' }).click();
    await page.getByRole('button', { name: 'Chidi Okafor' }).click();
    await page.getByPlaceholder('as Chidi Okafor').waitFor();
    await page.reload();
    await page.getByPlaceholder('as Chidi Okafor').waitFor();
    await page.getByRole('button', { name: 'Switch to light colours' }).waitFor();
  });
});
