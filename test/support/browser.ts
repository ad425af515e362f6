/** Real Chromium, headless, that tells on a page: its console, its errors, whom it asks. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { launchChromium } from '#test/support/chromium.ts';

let running: Promise<Browser> | undefined;

/** One browser per test file, since it takes a second to start; each test gets its own profile. */
export function launchBrowser(): Promise<Browser> {
  running ??= launchChromium();
  return running;
}

export async function closeBrowser(): Promise<void> {
  await (await running)?.close();
  running = undefined;
}

export type Visit = {
  readonly url: string;
  readonly person?: string;
  readonly dark?: boolean;
  readonly width?: number;
  readonly height?: number;
  /** Newcomers are met by the tour; most tests are about something else. */
  readonly tour?: boolean;
  /** The test takes the server away, and the browser may complain of that. */
  readonly losesServer?: boolean;
};

export async function visit(wanted: Visit): Promise<Page> {
  const { url, person, tour = false, losesServer = false, ...look } = wanted;
  const context = await newProfile(look);
  const remembered: Record<string, string> = {
    ...(person ? { person } : {}),
    ...(tour ? {} : { 'tour-closed': 'yes' }),
  };
  await context.addInitScript((items) => {
    for (const [name, value] of Object.entries(items)) {
      const key = `signalman.${name}`;
      if (localStorage.getItem(key) === null) localStorage.setItem(key, value);
    }
  }, remembered);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints = watch(page, new URL(url).host);
  await page.goto(url);
  await page.getByRole('log').waitFor();
  onTestFinished(async () => {
    await context.close();
    const isExpected = (words: string) => losesServer && /net::ERR_/.test(words);
    const unexpected = complaints.filter((words) => !isExpected(words));
    expect(unexpected, 'what the page complained about, or asked of others').toEqual([]);
  });
  return page;
}

async function newProfile(look: Pick<Visit, 'dark' | 'width' | 'height'>): Promise<BrowserContext> {
  const { dark = false, width = 1400, height = 900 } = look;
  const browser = await launchBrowser();
  return browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    hasTouch: width < 500,
    timezoneId: 'Europe/Berlin',
  });
}

function watch(page: Page, host: string): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.host !== host) complaints.push(`asked ${url}`);
  });
  return complaints;
}
