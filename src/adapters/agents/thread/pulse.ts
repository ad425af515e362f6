import type { Health } from '#adapters/agents/agent-deps.ts';
import { MINUTE_MS, SECOND_MS } from '#domain/time.ts';

const BEAT_MS = SECOND_MS;
const UNREADY_AFTER_MS = 2 * SECOND_MS;
/** No decision takes this long: a supervisor had better start the process anew. */
const DEAD_AFTER_MS = MINUTE_MS;

/** Asks the main thread again and again whether it is there, for whoever asks after our health. */
export function createPulse(areYouThere: () => Promise<unknown>, monotonicMs: () => number) {
  let askedMs: number | undefined;
  const beat = async () => {
    askedMs ??= monotonicMs();
    await areYouThere();
    askedMs = undefined;
  };
  const timer = setInterval(() => askedMs === undefined && void beat(), BEAT_MS);
  return {
    health: (): Health => {
      const silentMs = askedMs === undefined ? 0 : monotonicMs() - askedMs;
      const seconds = Math.floor(silentMs / SECOND_MS);
      const silent = `The main thread has not answered for ${seconds} s: agents are answered, but nothing is decided or stored.`;
      return {
        dead: silentMs > DEAD_AFTER_MS ? [silent] : [],
        unready: silentMs > UNREADY_AFTER_MS ? [silent] : [],
      };
    },
    stop: () => clearInterval(timer),
  };
}
