/** What is in flight, told at the hours that the configuration names. */
import { said, type View, view } from '#adapters/slack/views/blocks.ts';
import { inProgress } from '#adapters/slack/views/in-progress.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import type { Release } from '#domain/release.ts';

const SWITCHES_MAX = 10;

export function digest(releases: readonly Release[], switchesOn: readonly string[]): View {
  const asked = releases.filter((release) => 'ask' in release && release.ask).length;
  const count = releases.length === 1 ? 'One release is' : `${releases.length} releases are`;
  const waiting =
    asked === 0 ? '' : ` ${asked === 1 ? 'One waits' : `${asked} wait`} for an approver.`;
  const head = `*${count} in flight.*${waiting}`;
  return view(head, [said(head), ...inProgress(releases), ...killed(switchesOn)]);
}

function killed(names: readonly string[]) {
  if (names.length === 0) return [];
  const shown = names.slice(0, SWITCHES_MAX).map((name) => `\`${fromPerson(name)}\``);
  const more = names.length - shown.length;
  return [said(`🛑 Kill switches on: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`)];
}
