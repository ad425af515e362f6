/** Which entries of the register the Home tab shows. */
import type { EntrySearch } from '#store/queries.ts';

export const ENTRY_FILTERS = {
  everything: 'Everything',
  people: 'What people did',
  services: 'Releases and services',
  kills: 'Kill switches',
  flags: 'Flags',
  refused: 'What was refused',
} as const;
export type EntryFilter = keyof typeof ENTRY_FILTERS;

/** Whatever a view or a menu brings back that is not one of ours shows everything. */
export const readFilter = (text: string | undefined): EntryFilter =>
  text !== undefined && Object.hasOwn(ENTRY_FILTERS, text) ? (text as EntryFilter) : 'everything';

export const SEARCHES: { readonly [Filter in EntryFilter]: Omit<EntrySearch, 'limit'> } = {
  everything: {},
  people: { by: { kind: 'user' } },
  services: { about: 'service' },
  kills: { about: 'killswitch' },
  flags: { about: 'flag' },
  refused: { outcome: 'refused' },
};
