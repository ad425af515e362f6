import { expect, test } from 'vitest';
import { createShown } from '#adapters/slack/outbound/shown.ts';
import { said, view } from '#adapters/slack/views/blocks.ts';

test('news is what a notification would say; what was not shown yet is none', () => {
  const shown = createShown();
  const card = (status: string, requests: number) => view(status, [said(`${requests} requests`)]);
  expect(shown.isNews('card:1', card('in progress', 10))).toBe(false);
  shown.remember('card:1', card('in progress', 10));
  expect(shown.isNews('card:1', card('in progress', 20))).toBe(false);
  expect(shown.isSame('card:1', card('in progress', 20))).toBe(false);
  expect(shown.isNews('card:1', card('paused', 20))).toBe(true);
});
