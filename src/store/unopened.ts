import type { ChangeStore } from '#store/port.ts';

/** In place of a database that cannot be opened: whatever needs a commit is told why there is none. */
export const createUnopenedStore = (why: string): ChangeStore => ({
  change: async () => {
    throw new Error(why);
  },
  onCommit: () => {},
});
