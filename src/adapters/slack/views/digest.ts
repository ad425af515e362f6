/** What is in flight, told at the hours that the configuration names. */
import { said, type View, view } from '#adapters/slack/views/blocks.ts';
import { inProgress } from '#adapters/slack/views/in-progress.ts';
import { opening } from '#adapters/slack/views/opening.ts';
import { emergencyWords } from '#adapters/slack/views/review.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import { whenWords } from '#adapters/words/time-words.ts';
import type { Release } from '#domain/release.ts';
import type { Reviews } from '#domain/review.ts';

const SWITCHES_MAX = 10;

export type Digested = {
  readonly releases: readonly Release[];
  readonly switchesOn: readonly string[];
  /** What has waited for its review for longer than a day. */
  readonly overdue: Reviews;
};

export function digest({ releases, switchesOn, overdue }: Digested): View {
  const asked = releases.filter((release) => 'ask' in release && release.ask).length;
  const count = COUNTS[releases.length] ?? `${releases.length} releases are`;
  const waiting =
    asked === 0 ? '' : ` ${asked === 1 ? 'One waits' : `${asked} wait`} for an approver.`;
  const head = `*${count} in flight.*${waiting}`;
  return view([head, ...late(overdue)].join(' '), [
    said(head),
    ...(releases.length > 0 ? inProgress(releases) : []),
    ...killed(switchesOn),
    ...unreviewed(overdue),
  ]);
}

const COUNTS: Readonly<Record<number, string>> = { 0: 'No release is', 1: 'One release is' };

const REVIEWS_MAX = 10;

function unreviewed(overdue: Reviews) {
  const shown = overdue.slice(0, REVIEWS_MAX);
  const more = overdue.length - shown.length;
  return late(overdue).map((head) =>
    said(
      `🔎 ${head}`,
      ...shown.map(({ of }) => `• ${opening(emergencyWords(of))}, ${whenWords(of.at)}.`),
      more > 0 ? `… and ${more} more.` : '',
      'Home has them under *Waiting for review*.',
    ),
  );
}

const late = (overdue: Reviews) =>
  overdue.length === 0
    ? []
    : [
        overdue.length === 1
          ? '*One emergency has waited for its review for more than a day.*'
          : `*${overdue.length} emergencies have waited for their reviews for more than a day.*`,
      ];

function killed(names: readonly string[]) {
  if (names.length === 0) return [];
  const shown = names.slice(0, SWITCHES_MAX).map((name) => `\`${fromPerson(name)}\``);
  const more = names.length - shown.length;
  return [said(`🛑 Kill switches on: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`)];
}
