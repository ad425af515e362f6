import { expect, test } from 'vitest';
import { riskWords } from '#adapters/words/risk-words.ts';
import { aPlan, approve, start } from '#test/support/builders.ts';
import { releaseStory } from '#test/support/release-story.ts';

test('what averages leave open is not said in a number, since a nought would reassure', () => {
  const plan = aPlan({ guards: [{ name: 'latency_avg_ms', limit: 5_000 }] });
  const story = releaseStory().at(0, start({ plan })).at(1, approve(0)).watchedUntil(5);
  expect(riskWords(story.release())).toMatch(/Only averages are guarded here/);
});
