import { outage } from '#store/outage.ts';
import type { ChangeStore } from '#store/port.ts';
import type { Queries } from '#store/queries.ts';

/** In place of a database that cannot be opened: whatever needs it is told why there is none. */
export const createUnopenedStore = (why: string): ChangeStore => ({
  change: async () => {
    throw outage('DATABASE_UNOPENED', why);
  },
  onCommit: () => {},
});

export const createUnopenedQueries = (why: string): Queries => {
  const answer = () => {
    throw outage('DATABASE_UNOPENED', why);
  };
  // Every question has the same answer, also one that is not asked yet.
  return new Proxy({} as Queries, { get: () => answer });
};
