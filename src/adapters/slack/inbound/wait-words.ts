import { inWords, SECOND_MS } from '#domain/time.ts';

/** For somebody who was quicker than anybody types. */
export const waitWords = (waitMs: number) =>
  `That was a lot in a short time. Please wait ${inWords(Math.max(waitMs, SECOND_MS))} and try again; nothing was done. Stopping something (pause, rollback, kill) has a limit of its own.`;
