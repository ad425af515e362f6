import type { Page } from 'playwright-core';
import { afterAll, describe, expect, test, vi } from 'vitest';

import { closeBrowser, type Visit, visit } from '#test/support/browser.ts';
import { listenToCards } from '#test/support/card-bot.ts';
import { whyNoChromium } from '#test/support/chromium.ts';
import { demoService } from '#test/support/demo-service.ts';
import { boltOverHttp, client, standIn } from '#test/support/stand-in.ts';

const missing = whyNoChromium();
if (missing) console.warn(`Not tested here: ${missing}`);

// A browser on a busy machine takes its time; a test that hangs is still cut off.
vi.setConfig({ testTimeout: 60_000 });
afterAll(closeBrowser);
const SOON = { timeout: 10_000 };

async function sandbox(look: Partial<Visit> = {}) {
  const demo = demoService();
  const { slack } = await boltOverHttp(listenToCards, { routes: demo.routes });
  const page = await visit({ url: slack.url, ...look });
  return { slack, demo, page };
}

const composer = (page: Page) => page.getByRole('textbox', { name: /^Message #/ });
const actAs = (page: Page, name: string) =>
  page.getByRole('list', { name: 'You act as' }).getByRole('button', { name }).click();

async function type(page: Page, words: string): Promise<void> {
  await composer(page).fill(words);
  await composer(page).press('Enter');
}

describe.skipIf(missing && process.env['CI'] !== 'true')('the sandbox page', () => {
  test('takes a command, and shows another person the card to approve', async () => {
    const { page } = await sandbox();
    await type(page, '/rollout start support-agent 2.4.0');
    const card = page.getByRole('article').filter({ hasText: 'support-agent: 2.3.3 → 2.4.0' });
    await card.getByText('@Ana Ruiz').waitFor();

    await card.getByRole('button', { name: 'Approve', exact: true }).click();
    const refusal = page.getByRole('article').filter({ hasText: 'Only visible to you' });
    await refusal.getByText('somebody else has to approve').waitFor();

    await actAs(page, 'Bo Lindqvist');
    await expect.poll(() => refusal.count(), SOON).toBe(0);
    await composer(page).and(page.getByPlaceholder('as Bo Lindqvist')).waitFor();
    await card.getByRole('button', { name: 'Approve', exact: true }).click();

    await page.getByText('approved by @Bo Lindqvist').waitFor();
    expect(await page.getByRole('button', { name: 'Approve', exact: true }).count()).toBe(0);
  });

  test('asks before a button that hurts, and does nothing on Escape', async () => {
    const { page } = await sandbox({ person: 'U0BO' });
    await actAs(page, 'Ana Ruiz');
    await type(page, '/rollout start support-agent 2.4.0');
    await page.getByRole('button', { name: 'Approve', exact: true }).waitFor();
    await actAs(page, 'Bo Lindqvist');
    await page.getByRole('button', { name: 'Approve', exact: true }).click();

    await page.getByRole('button', { name: 'Roll back' }).click();
    const dialog = page.getByRole('dialog', { name: 'Roll back support-agent?' });
    await dialog.getByText('All traffic returns').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.getByText('Rolled back').count()).toBe(0);

    await page.getByRole('button', { name: 'Roll back' }).click();
    await dialog.getByRole('button', { name: 'Roll back to 2.3.3' }).click();
    await page.getByText('Rolled back to 2.3.3').waitFor();
  });

  test('opens a thread beside the channel, and answers in it', async () => {
    const { page, slack } = await sandbox();
    await type(page, '/rollout start support-agent 2.4.0');
    const card = await slack.channel('agent-ops').message(/support-agent/);
    await slack.person('U0BO').presses('Approve', card);
    await page.getByRole('button', { name: /1 reply/ }).click();

    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.getByText('Step 1 entered').waitFor();
    await thread.getByRole('textbox').fill('Thank you *Bo* &amp; <team>');
    await thread.getByRole('textbox').press('Enter');
    await thread.getByText('Thank you Bo &amp; <team>').waitFor();

    await page.keyboard.press('Escape');
    await thread.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /2 replies/ }).waitFor();
  });

  test('completes commands by the keyboard alone', async () => {
    const { page } = await sandbox();
    await composer(page).press('/');
    const lines = page.getByRole('listbox', { name: 'Commands' }).getByRole('option');
    await expect.poll(() => lines.count(), SOON).toBe(2);
    await composer(page).press('ArrowDown');
    await composer(page).press('Tab');
    expect(await composer(page).inputValue()).toBe('/killswitch ');

    await composer(page).fill('/rollout sta');
    await composer(page).press('Enter');
    expect(await composer(page).inputValue()).toBe('/rollout start ');
    await composer(page).press('Escape');
    await expect.poll(() => lines.count(), SOON).toBe(0);
    await composer(page).pressSequentially('support-agent 2.4.0');
    await composer(page).press('Enter');
    await page.getByText('support-agent: 2.3.3 → 2.4.0').waitFor();
  });

  test('says what is wrong with a modal at the input, and keeps what was entered', async () => {
    const { page } = await sandbox();
    await type(page, '/rollout start');
    const modal = page.getByRole('dialog', { name: 'Start a release' });
    await modal.getByRole('button', { name: /^Service/ }).click();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await modal.getByRole('button', { name: 'Service: billing-agent' }).waitFor();
    await modal.getByLabel('Version').fill('2.4');
    await modal.getByRole('button', { name: 'Propose' }).click();

    await modal.getByText('2.4 is not a version').waitFor();
    expect(await modal.getByLabel('Version').getAttribute('aria-invalid')).toBe('true');
    expect(await modal.getByLabel('Version').inputValue()).toBe('2.4');
    expect(await modal.locator('input:focus').count()).toBe(1);
    await modal.getByLabel('Version').fill('2.4.0');
    await page.keyboard.press('Enter');
    await modal.waitFor({ state: 'detached' });
    await page.getByText('billing-agent: 2.3.3 → 2.4.0').waitFor();
  });

  test('marks what a person has not seen, and where they stopped reading', async () => {
    const { page, slack } = await sandbox();
    await slack.person('U0BO').says('Look here', { channel: 'support-ops' });
    await page.getByRole('button', { name: 'support-ops, 1 unread' }).waitFor();
    const call = { channel: 'C0SUPPORTOPS', text: 'Look, <!subteam^S0OPS>' };
    await client(slack).chat.postMessage(call);
    await page.getByRole('button', { name: 'support-ops, 1 mention' }).click();
    await page.getByRole('separator').filter({ hasText: 'New' }).waitFor();
    await page.getByRole('button', { name: 'agent-ops' }).click();
    await page.getByRole('heading', { name: '#agent-ops', level: 1 }).waitFor();
    expect(await page.getByRole('button', { name: /mention|unread/ }).count()).toBe(0);
  });

  test('says that the sandbox is gone, and finds it again by itself', async () => {
    const routes = demoService().routes;
    const first = await standIn({ routes });
    const page = await visit({ url: first.url, losesServer: true });
    await first.person('U0BO').says('Before', { channel: 'agent-ops' });
    await page.getByText('Before').waitFor();
    await first.close();
    const lost = page.getByText('The sandbox does not answer. Trying again…');
    await lost.waitFor();

    const second = await standIn({ routes, port: Number(new URL(first.url).port) });
    await lost.waitFor({ state: 'detached' });
    await second.person('U0BO').says('Afterwards', { channel: 'agent-ops' });
    await page.getByText('Afterwards').waitFor();
    expect(await page.getByText('Before').count()).toBe(0);
  });

  test('says so when the app does not answer', async () => {
    const { page } = await sandbox();
    await type(page, '/killswitch on writes');
    await page.getByRole('alert').filter({ hasText: 'did not respond' }).waitFor();
  });
});
