import { SECOND_MS } from '#domain/time.ts';

/** By then whoever waited for the start has been answered. */
const WAIT_MS = 5 * SECOND_MS;

/**
 * Gives back to the machine what starting took and nobody needs any more: about 15 of 160 MiB. It
 * holds a thread up for a fifth of a second, once, and happens only where the process was started
 * with `--expose-gc`, as `npm start` does.
 */
export function giveBackMemory(): void {
  const giveBack = () =>
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  setTimeout(giveBack, WAIT_MS).unref();
}
