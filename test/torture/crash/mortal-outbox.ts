import * as real from '#store/sqlite/outbox.ts';
import { at } from '#test/torture/crash/points.ts';

export * from '#store/sqlite/outbox.ts';

export const createOutbox: typeof real.createOutbox = (db) => {
  const outbox = real.createOutbox(db);
  return {
    ...outbox,
    trying: (owed) => {
      at('before the try is written down');
      outbox.trying(owed);
      at('after the try is written down, before sending');
    },
    done: (owed, when) => {
      at('after Slack has answered, before that is written down');
      outbox.done(owed, when);
      at('after a message is written down as done');
    },
  };
};
