import * as real from '#store/sqlite/store.ts';
import { at } from '#test/torture/crash/points.ts';

export * from '#store/sqlite/store.ts';

export const createSqliteStore: typeof real.createSqliteStore = (db) => {
  const store = real.createSqliteStore(db);
  return {
    ...store,
    change: async (aggregate, decide, request) => {
      // What starting itself commits is nobody's request.
      const isAsked = request.inboxKey !== undefined;
      if (isAsked) at('before the commit');
      const outcome = await store.change(aggregate, decide, request);
      if (isAsked) at('after the commit, before the answer');
      return outcome;
    },
  };
};
