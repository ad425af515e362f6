/** The sandbox's page in a real browser: how soon it shows what the bot says, and how it scrolls. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebClient } from '@slack/web-api';
import type { Page } from 'playwright-core';
import { releaseCard } from '#adapters/slack/views/release-card.ts';
import { readManifest } from '#sandbox/slack/manifest.ts';
import { NEWCOMER_SEED } from '#sandbox/slack/seed.ts';
import { type StandIn, startStandIn } from '#sandbox/slack/start-stand-in.ts';
import { createWorkspace } from '#sandbox/slack/workspace.ts';
import type { Figure } from '#test/bench/figure.ts';
import { SECRETS } from '#test/bench/secrets.ts';
import { approve, start } from '#test/support/builders.ts';
import { launchChromium } from '#test/support/chromium.ts';
import { releaseStory } from '#test/support/release-story.ts';

const MESSAGES = 2_000;
const CARDS = 40;
const BETWEEN_CARDS_MS = 100;
const SCROLLS = 300;
const SCROLL_PX = 400;
const CHANNEL = 'C0AGENTOPS';

export async function measurePage(say: (figure: Figure) => void): Promise<void> {
  const browser = await launchChromium();
  const slack = await startStandIn({
    ...SECRETS,
    port: 0,
    workspace: createWorkspace(NEWCOMER_SEED, { clock: Date.now, dice: Math.random }),
    manifest: readManifest(readFileSync('manifest.yml', 'utf8')),
    rateLimits: 'off',
  });
  try {
    for (let at = 0; at < MESSAGES; at += 1)
      slack.person('U0BO').says(`Message ${at} with *words*`, { channel: 'agent-ops' });
    const page = await browser.newPage({ viewport: { width: 1280, height: 880 } });
    await page.addInitScript(() => localStorage.setItem('signalman.tour-closed', 'yes'));
    await page.goto(slack.url);
    await page.getByText(`Message ${MESSAGES - 1}`).waitFor();
    const name = `a card is on the page, below ${MESSAGES} messages`;
    const shown = await measureCards(slack, page);
    say({ name, unit: 'ms', compare: 'p99', below: 100, samples: shown });
    const frames = await measureScrolling(page);
    const smooth = { unit: 'ms', compare: 'p99', below: 50 } as const;
    say({ name: '  a frame while scrolling through them', ...smooth, samples: frames });
  } finally {
    await browser.close();
    await slack.close();
  }
}

/** From before the call to the frame after which it is seen. Both processes read the same clock. */
async function measureCards({ apiUrl }: StandIn, page: Page): Promise<number[]> {
  const release = releaseStory().at(0, start()).at(1, approve(0)).watchedUntil(20).release();
  const card = releaseCard({ release, isCurrent: true, isLocked: false });
  const web = new WebClient(SECRETS.botToken, { slackApiUrl: apiUrl });
  const samples: number[] = [];
  for (let at = 0; at < CARDS; at += 1) {
    const seenAt = page.evaluate<number>(NEXT_IS_SEEN);
    await sleep(BETWEEN_CARDS_MS);
    const calledAt = performance.timeOrigin + performance.now();
    await web.chat.postMessage({ channel: CHANNEL, text: card.text, blocks: [...card.blocks] });
    samples.push((await seenAt) - calledAt);
  }
  return samples;
}

const NEXT_IS_SEEN = `new Promise((resolve) => {
  const newest = () => [...document.querySelectorAll('[role=log] article')].at(-1)?.dataset.ts;
  const before = newest();
  const look = () => requestAnimationFrame(newest() === before ? look : () =>
    resolve(performance.timeOrigin + performance.now()));
  look();
})`;

/** Up through all messages, as a wheel would do it; how long each frame took. */
const measureScrolling = (page: Page): Promise<number[]> => page.evaluate<number[]>(SCROLLED_UP);

const SCROLLED_UP = `new Promise((resolve) => {
  const list = document.querySelector('[role=log]');
  const frames = [];
  let before = performance.now();
  const step = () => {
    const now = performance.now();
    frames.push(now - before);
    before = now;
    list.scrollBy(0, -${SCROLL_PX});
    if (frames.length <= ${SCROLLS}) requestAnimationFrame(step);
    else resolve(frames.slice(1));
  };
  requestAnimationFrame(step);
})`;
