/** The sandbox's page in the hands of a person, in the words of a story. */
import type { Page } from 'playwright-core';

/** A step of the demo's ladder lasts 20 seconds, and a busy machine is slow. */
const PATIENCE_MS = 120_000;

export function sandboxPage(page: Page) {
  page.setDefaultTimeout(PATIENCE_MS);
  const log = page.getByRole('log');
  const composer = page.getByRole('textbox', { name: /^Message #/ });

  return {
    page,
    waits: (ms: number) => page.waitForTimeout(ms),
    actsAs: (name: string) =>
      page.getByRole('list', { name: 'You act as' }).getByRole('button', { name }).click(),
    says: async (words: string) => {
      await composer.fill(words);
      await composer.press('Enter');
      // It empties once the workspace has taken what was said.
      while ((await composer.inputValue()) !== '') await page.waitForTimeout(100);
    },
    /** The name of a button is what people hear who cannot see it: what it does, and to what. */
    presses: async (name: string, which: 'first' | 'last' = 'first') => {
      await log.getByRole('button', { name })[which]().click();
    },
    chooses: (group: string, level: string) =>
      page.getByRole('group', { name: group }).getByRole('radio', { name: level }).check(),
    sees: async (words: string) => {
      await page.waitForFunction(
        ([element, wanted]) => element?.textContent?.replaceAll(/\s+/g, ' ').includes(`${wanted}`),
        [await log.elementHandle(), words] as const,
      );
    },
    /** The message in the channel that says this begins where the view begins. */
    looksAt: async (words: string) => {
      const message = log.getByRole('article').filter({ hasText: words }).first();
      await message.evaluate((element) => element.scrollIntoView({ block: 'start' }));
    },
    opensHome: async () => {
      await page.getByRole('list', { name: 'Apps' }).getByRole('button').click();
      await page.getByRole('heading', { name: 'Latest in the register' }).waitFor();
    },
    opensThread: async (which: 'first' | 'last') => {
      await log
        .getByRole('button', { name: /repl(y|ies)/ })
        [which]()
        .click();
      await page.getByRole('complementary', { name: 'Thread' }).waitFor();
    },
  };
}
