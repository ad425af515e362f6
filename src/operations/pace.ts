/** Meanwhile more arrives that can be done with what waits already. */
const PAUSE_MS_MIN = 10;
const PAUSE_MS_MAX = 50;

export type Pace = <Done>(work: () => Promise<Done>) => Promise<Done>;

/**
 * One piece of work at a time, and after each a pause as long as it took: whoever works for us keeps
 * half of its time for everything else, and more when it is slow because of that.
 */
export function createPace(monotonicMs: () => number): Pace {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    let startedMs = 0;
    const working = last.then(() => {
      startedMs = monotonicMs();
      return work();
    });
    const rest = () => pause(pauseMs(monotonicMs() - startedMs));
    last = working.then(rest, rest);
    return working;
  };
}

/** Nobody stays alive for it. */
const pause = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms).unref();
  });

const pauseMs = (tookMs: number) => Math.min(PAUSE_MS_MAX, Math.max(PAUSE_MS_MIN, tookMs));
