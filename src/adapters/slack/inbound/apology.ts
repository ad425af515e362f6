import { ephemeral, type Reply } from '#adapters/slack/inbound/reply.ts';
import type { Logger } from '#operations/logger.ts';

type ApologyDeps = { readonly dice: () => number; readonly log: Logger };

const REFERENCE_CHARACTERS = 6;

/** A bug or an outage: the log has all of it, the person a short reference to find it by. */
export function apologise({ dice, log }: ApologyDeps, error: unknown, about: string): Reply {
  const reference = Array.from({ length: REFERENCE_CHARACTERS }, () =>
    Math.floor(dice() * 36).toString(36),
  ).join('');
  log.error({ err: error, about, reference }, 'Somebody got an apology instead of an answer');
  return ephemeral(
    `Sorry, something went wrong here and I cannot tell whether it was done. \`/rollout status\` and \`/killswitch list\` show how things stand. If it stays like this, tell whoever runs Signalman the reference *${reference}*.`,
  );
}

export const stillWorking = (): Reply => ephemeral('Still working on it; the answer follows.');
