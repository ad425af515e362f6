import { afterAll, describe, expect, test, vi } from 'vitest';

import { closeBrowser, type Visit, visit } from '#test/support/browser.ts';
import { listenToCards } from '#test/support/card-bot.ts';
import { whyNoChromium } from '#test/support/chromium.ts';
import { demoService } from '#test/support/demo-service.ts';
import { boltOverHttp, client } from '#test/support/stand-in.ts';

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

const CANDIDATE = {
  version: '2.4.0',
  sharePercent: 5,
  requests: 412,
  errors: 28,
  errorPercent: 6.8,
  p95Ms: 1840,
  toolFailurePercent: null,
};

describe.skipIf(missing && process.env['CI'] !== 'true')('the strip beside the chat', () => {
  test('shows both arms as they are measured, and a dash for what is not', async () => {
    const { page, demo } = await sandbox();
    const strip = page.getByRole('complementary', { name: 'Live traffic' });
    await strip.getByText('no candidate', { exact: true }).waitFor();
    demo.move({ arms: { ...demo.now().arms, candidate: CANDIDATE } });
    const row = (name: string) =>
      strip.getByRole('row', { name }).getByRole('cell').allInnerTexts();
    await expect.poll(() => row('Traffic'), SOON).toEqual(['100 %', '5.0 %']);
    expect(await row('Errors')).toEqual(['0.8 %', '6.8 %']);
    expect(await row('Tool failures')).toEqual(['0.4 %', '–']);
    await strip.getByRole('img', { name: /of traffic goes to 2.3.3/ }).waitFor();
  });

  test('shows what agents are told, and who is stopped', async () => {
    const { page, demo } = await sandbox();
    await page.getByText('No agent has asked yet.').waitFor();
    const told = { version: '2.4.0', arm: 'candidate', isTester: true, killed: true } as const;
    const ofrep = { reachable: false, answers: [{ key: 'user-1', ...told }] };
    demo.move({ ofrep, kills: ['writes'] });
    const answer = page.getByRole('listitem').filter({ hasText: 'user-1' });
    await expect.poll(() => answer.innerText(), SOON).toMatch(/tester[\s\S]*killed[\s\S]*2\.4\.0/);
    await page.getByText('agents keep what they were told last').waitFor();
    await page.getByText('Kill switches on: writes').waitFor();
  });

  test('makes the candidate worse, and breaks other things', async () => {
    const { page, demo } = await sandbox();
    await page
      .getByRole('group', { name: 'Errors' })
      .getByRole('radio', { name: 'Severe' })
      .check();
    await page.getByRole('switch', { name: /Slack is down/ }).check();
    await page.getByRole('button', { name: 'kill -9' }).click();
    await page.getByRole('button', { name: 'Start', exact: true }).waitFor();
    expect(demo.asked).toEqual([
      { faults: { errors: 'severe' } },
      { faults: { slackDown: true } },
      { bot: 'kill' },
    ]);
  });

  test('goes away and comes back, and remembers which', async () => {
    const { page } = await sandbox();
    const strip = page.getByRole('complementary', { name: 'Live traffic' });
    await strip.getByRole('button', { name: 'Hide live traffic' }).click();
    await strip.waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('button', { name: 'Live', expanded: false }).click();
    await strip.waitFor();
  });
});

describe.skipIf(missing && process.env['CI'] !== 'true')('the guided tour', () => {
  test('leads through six steps, and sees each being done', async () => {
    const { page, slack, demo } = await sandbox({ tour: true });
    const tour = page.getByRole('region', { name: 'Guided tour' });
    const step = (title: string) => tour.getByText(title, { exact: true }).waitFor();

    await step('Propose a release');
    await tour.getByRole('button', { name: 'Type it for me' }).click();
    await page.keyboard.press('Enter');

    await step('Approve it as somebody else');
    await tour.getByRole('button', { name: 'Switch person' }).click();
    await page.getByRole('button', { name: 'Bo Lindqvist', pressed: true }).waitFor();
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    demo.move({ arms: { ...demo.now().arms, candidate: { ...CANDIDATE, requests: 2 } } });

    await step('Watch the evidence arrive');
    demo.move({ arms: { ...demo.now().arms, candidate: CANDIDATE } });

    await step('Make the candidate worse');
    await page
      .getByRole('group', { name: 'Errors' })
      .getByRole('radio', { name: 'Severe' })
      .check();
    demo.move({ arms: { stable: demo.now().arms.stable } });
    const text = 'Rolled back: error rate 41.2 %';
    await client(slack).chat.postMessage({ channel: 'C0AGENTOPS', text });

    await step('Throw a kill switch');
    demo.move({ kills: ['writes'] });

    await step('Read what happened');
    await page.getByRole('button', { name: 'release-audit' }).click();
    await step('That is all of it.');
  });

  test('is left alone, by its close button, until it is asked for', async () => {
    const { page } = await sandbox({ tour: true });
    const tour = page.getByRole('region', { name: 'Guided tour' });
    await tour.getByRole('button', { name: 'Close the tour' }).click();
    await tour.waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('log').waitFor();
    expect(await tour.count()).toBe(0);
    await page.getByRole('button', { name: 'Guided tour' }).click();
    await tour.waitFor();
  });
});
