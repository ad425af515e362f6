/**
 * Code that gives way to others asks for a turn of the event loop by `setImmediate`. In a simulation
 * nobody else is there, so turns are taken from a queue: a history runs as fast as it is computed,
 * and it is known exactly when nothing is left to do that needs no time.
 */
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

export type Turns = {
  /** Runs on until everybody waits for time to pass. */
  readonly settle: () => Promise<void>;
  /** Gives the event loop back. */
  readonly end: () => void;
};

export function takeOverTurns(): Turns {
  const real = { now: globalThis.setImmediate, promised: timers.setImmediate };
  let waiting: (() => void)[] = [];
  const wait = (run: () => void) => waiting.push(run);
  Object.assign(globalThis, { setImmediate: wait });
  Object.assign(timers, { setImmediate: () => new Promise<void>(wait) });
  syncBuiltinESMExports();
  return {
    settle: async () => {
      await promises();
      while (waiting.length > 0) {
        const turns = waiting;
        waiting = [];
        for (const run of turns) run();
        await promises();
      }
    },
    end: () => {
      Object.assign(globalThis, { setImmediate: real.now });
      Object.assign(timers, { setImmediate: real.promised });
      syncBuiltinESMExports();
    },
  };
}

/** A tick comes after every promise that can go on has gone on. */
const promises = () => new Promise<void>((resolve) => process.nextTick(resolve));
