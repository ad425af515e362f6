import { expect, test } from 'vitest';
import { offerWords, spanWords } from '#adapters/words/preview-words.ts';

test.each([
  [
    { offers: 'shorter_ladder', weights: [20, 50, 100], days: { typical: 7, late: 9 } },
    'Faster: steps 20, 50, 100 %, about 7 d.',
  ],
  [
    { offers: 'larger_budget', riskBudget: 0.03, days: { typical: 1.5, late: 2 } },
    'Faster: a risk budget of 3 % a step, about 1 d 12 h.',
  ],
  [
    { offers: 'judged_steps' },
    'Where evidence stays thin, two people may judge a step once its dwell is over.',
  ],
] as const)('an offer of the planner is a sentence: %#', (offer, words) => {
  expect(offerWords(offer)).toBe(words);
});

test('what lasts beyond ten years is not said in days', () => {
  expect(spanWords(3_650)).toBe('3650 d');
  expect(spanWords(Number.POSITIVE_INFINITY)).toBe('no end in sight');
});
