import { setImmediate as nextTurn } from 'node:timers/promises';

/** Resolves for one caller in each turn of the event loop, in the order they came. */
export type TakeTurn = () => Promise<void>;

/**
 * Much work at once becomes many short pieces, with everything else that waits served in between:
 * a kill or a click must not stand behind two hundred releases being judged.
 */
export function createTurns(): TakeTurn {
  let last: Promise<void> = Promise.resolve();
  return () => {
    last = last.then(() => nextTurn());
    return last;
  };
}
