/** The releases that are going on, a few lines each. */
import type { AnyBlock } from '@slack/types';
import { said, small } from '#adapters/slack/views/blocks.ts';
import { cardTitle } from '#adapters/slack/views/card-title.ts';
import { status } from '#adapters/slack/views/headline.ts';
import { ladderBar } from '#adapters/slack/views/ladder.ts';
import { opening } from '#adapters/slack/views/opening.ts';
import { verdictLead } from '#adapters/slack/views/verdict-words.ts';
import { whenWords } from '#adapters/words/time-words.ts';
import { isServing, type Release, stepAt } from '#domain/release.ts';
import { later } from '#domain/time.ts';

const SHOWN_MAX = 15;

/** What somebody has to look at comes first, then what has waited longest. */
export function inProgress(releases: readonly Release[]): readonly AnyBlock[] {
  if (releases.length === 0)
    return [small('No release is in progress. *Start a release* begins one.')];
  const more = releases.length - SHOWN_MAX;
  return [
    ...releases
      .toSorted((one, other) => rank(one) - rank(other) || one.facts.id - other.facts.id)
      .slice(0, SHOWN_MAX)
      .map((release) => said(...linesOf(release))),
    ...(more > 0 ? [small(`… and ${more} more; \`/rollout list\` has all.`)] : []),
  ];
}

function rank(release: Release): number {
  if (release.incident && release.incident.closedAt === undefined) return 0;
  if ('ask' in release && release.ask) return 1;
  return release.phase === 'completed' ? 3 : 2;
}

/** No number that changes at every poll: a Home that is drawn anew all the time is hard to read. */
function linesOf(release: Release): readonly string[] {
  const { verdict } = release;
  const lead = verdict && isServing(release) ? ` ${verdictLead(verdict)}` : '';
  return [
    `*${cardTitle(release)}*`,
    ladderBar(release),
    `${opening(status(release))}${dwellWords(release)}.${lead}`,
  ];
}

function dwellWords(release: Release): string {
  if (release.phase === 'completed') return `, watched until ${whenWords(release.watchUntil)}`;
  if (release.phase !== 'progressing' || release.ask || release.stopAskedAt !== undefined)
    return '';
  const { dwellMs } = stepAt(release.facts.plan, release.step);
  return `, at least until ${whenWords(later(release.since, dwellMs))}`;
}
