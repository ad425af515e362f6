/**
 * Gives back to the machine what starting took and nobody needs any more: about 15 of 155 MiB. It
 * holds each thread up for a fifth of a second, so it is done before anybody waits for an answer,
 * and only where the process was started with `--expose-gc`, as `npm start` does.
 */
export function giveBackMemory(): void {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
