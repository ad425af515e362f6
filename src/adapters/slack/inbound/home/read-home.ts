/** What the Home tabs show of the database, read once for everybody who looks. */
import { type RegisterEntry, readEntries } from '#adapters/slack/register-entry.ts';
import { type EntryFilter, SEARCHES } from '#adapters/slack/views/home/entry-filter.ts';
import type { Actor } from '#domain/actor.ts';
import type { Flag } from '#domain/flag.ts';
import type { KillSwitch } from '#domain/killswitch.ts';
import type { Release } from '#domain/release.ts';
import type { Reviews } from '#domain/review.ts';
import type { Queries } from '#store/queries.ts';

export type HomeFacts = {
  readonly releases: readonly Release[];
  /** Who wrote the candidate of a release, by its number. */
  readonly authors: ReadonlyMap<number, readonly Actor[]>;
  readonly flags: readonly Flag[];
  readonly reviews: Reviews;
  readonly switchesOn: readonly KillSwitch[];
  readonly entries: (filter: EntryFilter) => readonly RegisterEntry[];
};

const ENTRIES_SHOWN = 10;

export function readHome({ queries }: { readonly queries: Queries }): HomeFacts {
  const entries = new Map<EntryFilter, readonly RegisterEntry[]>();
  const services = queries.services();
  return {
    authors: new Map(
      services.flatMap(({ live, authors = [] }) => (live ? [[live.facts.id, authors]] : [])),
    ),
    releases: services.flatMap(({ live, crowned }) => {
      if (live) return [live];
      return crowned?.phase === 'completed' && !crowned.watchOver ? [crowned] : [];
    }),
    flags: queries.flags().filter(({ request }) => request !== undefined),
    reviews: queries.waitingReviews(),
    switchesOn: queries.killSwitches().filter(({ isOn }) => isOn),
    entries: (filter) => {
      const found =
        entries.get(filter) ??
        readEntries(queries.searchEntries({ ...SEARCHES[filter], limit: ENTRIES_SHOWN }).entries);
      entries.set(filter, found);
      return found;
    },
  };
}
