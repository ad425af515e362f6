/** The card of a release that is watched, drawn anew at each change. */
import { releaseCard } from '#adapters/slack/views/release-card.ts';
import type { Figure } from '#test/bench/figure.ts';
import { approve, start } from '#test/support/builders.ts';
import { releaseStory } from '#test/support/release-story.ts';

const ROUNDS = 300;
const CARDS_A_ROUND = 10;

export function measureCard(say: (figure: Figure) => void): void {
  const release = releaseStory().at(0, start()).at(1, approve(0)).watchedUntil(20).release();
  const samples = Array.from({ length: ROUNDS }, () => {
    const startedMs = performance.now();
    for (let card = 0; card < CARDS_A_ROUND; card += 1)
      releaseCard({ release, isCurrent: true, isLocked: false });
    return (performance.now() - startedMs) / CARDS_A_ROUND;
  });
  say({ name: 'a card is drawn', unit: 'ms', compare: 'p99', below: 1, samples });
}
