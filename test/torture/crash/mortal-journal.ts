import * as real from '#store/journal.ts';
import { at } from '#test/torture/crash/points.ts';

export * from '#store/journal.ts';

export const openJournal: typeof real.openJournal = (options) => {
  const journal = real.openJournal(options);
  return {
    ...journal,
    append: (kill) => {
      at('before a kill is in the journal');
      return journal.append(kill);
    },
    clear: (key) => {
      at('while the journal is cleared of a kill');
      journal.clear(key);
    },
  };
};
