import { ephemeral, type Reply } from '#adapters/slack/inbound/reply.ts';
import { outageWords } from '#adapters/words/outage-words.ts';
import type { Logger } from '#operations/logger.ts';

type ApologyDeps = { readonly dice: () => number; readonly log: Logger };

const REFERENCE_CHARACTERS = 6;

/** What the database cannot do has its own words. Of all else the log has everything, the person a short reference to find it by. */
export function apologise({ dice, log }: ApologyDeps, error: unknown, about: string): Reply {
  const known = outageWords(error);
  if (known !== undefined) {
    log.warn({ err: error, about }, 'The database could not do what somebody asked');
    return ephemeral(known);
  }
  const reference = Array.from({ length: REFERENCE_CHARACTERS }, () =>
    Math.floor(dice() * 36).toString(36),
  ).join('');
  log.error({ err: error, about, reference }, 'Somebody got an apology instead of an answer');
  return ephemeral(
    `Sorry, something went wrong here and I cannot tell whether it was done. \`/rollout status\` and \`/killswitch list\` show how things stand. If it stays like this, tell whoever runs Signalman the reference *${reference}*.`,
  );
}

export const stillWorking = (): Reply => ephemeral('Still working on it; the answer follows.');
