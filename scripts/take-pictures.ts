/**
 * The pictures of the README, taken of the real sandbox while a release goes through it:
 * `npm run pictures`. It needs Chromium, and about four minutes, since nothing is hurried.
 */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { chromium, type Page } from 'playwright-core';
import { sandboxPage } from './sandbox-page.ts';
import { startSandbox } from './sandbox-process.ts';

const FOLDER = 'docs/pictures';
const BYTES_MAX = 300_000;
const CHROMIUM = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find(existsSync);
/** As high as the message that the picture is about. */
const DESK = { width: 1280, height: 880 };
const HIGH_DESK = { width: 1280, height: 1080 };
const PHONE = { width: 390, height: 844 };

const sandbox = await startSandbox();
const browser = await chromium.launch({
  executablePath: CHROMIUM ?? 'chromium',
  args: ['--no-sandbox'],
});
try {
  mkdirSync(FOLDER, { recursive: true });
  await tellTheStory();
} finally {
  await browser.close();
  await sandbox.stop();
}

async function tellTheStory(): Promise<void> {
  const ana = await open({ viewport: DESK, person: 'U0ANA' });
  await ana.says(
    '2.4.0 is ready: a new prompt, and half as many tool calls for the usual questions. ' +
      'Bo, will you have a look?',
  );
  await ana.says('/rollout start support-agent 2.4.0');
  await ana.sees('Waiting for an approver.');
  // Everybody has a window of their own, so that nothing in it is marked as new.
  const bo = await open({ viewport: HIGH_DESK, person: 'U0BO' });
  const home = await open({ viewport: DESK, person: 'U0BO' });
  await home.opensHome();
  await take(home.page, 'home.png');
  await bo.presses('Approve release 1');
  await bo.sees('Step 4 of 6 (25 %)');
  // Until the strip beside the chat shows the new share, and the card has counted a little.
  await bo.waits(12_000);
  await bo.looksAt('2.4.0 is ready');
  await take(bo.page, 'card.png');

  await bo.chooses('Errors', 'Severe');
  await bo.sees('Done: all traffic is back on 2.3.3');
  await bo.page.setViewportSize(DESK);
  await bo.waits(2_000);
  await bo.looksAt('Rolled back support-agent');
  await take(bo.page, 'alert.png');

  const chidi = await open({ viewport: PHONE, person: 'U0CHIDI' });
  await chidi.waits(1_000);
  await chidi.looksAt('Rolled back support-agent');
  await take(chidi.page, 'phone.png');
  await chidi.presses('Acknowledge release 1', 'last');
  await chidi.sees('Healed: support-agent was rolled back');

  const night = await open({ viewport: DESK, person: 'U0CHIDI', dark: true });
  await night.opensThread('last');
  await night.waits(1_000);
  await night.looksAt('Healed: support-agent');
  await take(night.page, 'dark.png');
}

type Look = {
  readonly viewport: { readonly width: number; readonly height: number };
  readonly person: string;
  readonly dark?: boolean;
};

async function open({ viewport, person, dark = false }: Look) {
  const context = await browser.newContext({
    viewport,
    colorScheme: dark ? 'dark' : 'light',
    hasTouch: viewport === PHONE,
    deviceScaleFactor: viewport === PHONE ? 2 : 1,
  });
  await context.addInitScript((id) => {
    localStorage.setItem('signalman.tour-closed', 'yes');
    if (localStorage.getItem('signalman.person') === null)
      localStorage.setItem('signalman.person', id);
  }, person);
  const page = await context.newPage();
  await page.goto(sandbox.url);
  await page.getByRole('log').waitFor();
  return sandboxPage(page);
}

async function take(page: Page, name: string): Promise<void> {
  const path = `${FOLDER}/${name}`;
  // Nothing under the pointer and nothing in focus, so that no button looks pressed.
  await page.mouse.move(0, 0);
  for (const focused of await page.locator(':focus').all()) await focused.blur();
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  const { size } = statSync(path);
  if (size > BYTES_MAX) throw new Error(`${path} has ${size} bytes, more than ${BYTES_MAX}.`);
  console.log(`${path}  ${Math.round(size / 1_000)} kB`);
}
