import type { Logger } from '#operations/logger.ts';
import { type KillDeps, recallKills, settleKills } from '#operations/throw-kill-switch.ts';

/** How often the journal is looked at: a kill that somebody else appended acts from then on. */
const LOOK_MS = 250;
const LOOKS_BETWEEN_TRIES_MAX = 40;

/**
 * Tries for ever to commit what the journal holds, after 1/4, 1/2, 1 … seconds, at most ten apart.
 * Kills of other threads and of the command line act at the first look, whatever the database says.
 */
export function keepSettling(deps: KillDeps & { readonly log: Logger }): { stop: () => void } {
  let looksBetween = 1;
  let looksLeft = 0;
  const look = () => {
    const pending = recallKills(deps);
    if (pending === 0) looksBetween = 1;
    looksLeft -= 1;
    if (pending === 0 || looksLeft > 0) return;
    looksLeft = looksBetween;
    looksBetween = Math.min(LOOKS_BETWEEN_TRIES_MAX, looksBetween * 2);
    settleKills(deps)
      .then(() => deps.log.info({ kills: pending }, 'Kills of the journal are committed'))
      .catch((error: unknown) =>
        deps.log.error({ err: error, kills: pending }, 'Kills wait in the journal to be committed'),
      );
  };
  const timer = setInterval(look, LOOK_MS);
  return { stop: () => clearInterval(timer) };
}
