/**
 * Where a process can be made to die, as kill -9 does it. This file and those beside it are loaded
 * by tests alone, in front of the real modules; nothing in `src/` knows of them.
 */

export const POINTS = [
  'before the commit',
  'after the commit, before the answer',
  'before the try is written down',
  'after the try is written down, before sending',
  'while Slack is sent a message',
  'after Slack has answered, before that is written down',
  'after a message is written down as done',
  'while a card is edited',
  'while traffic is brought about',
  'before a kill is in the journal',
  'while the journal is cleared of a kill',
] as const;
export type Point = (typeof POINTS)[number];

const wanted = process.env['CRASH_AT'];
let passes = Number(process.env['CRASH_AT_PASS'] ?? 1);

/** Passed each time; at the wanted pass nothing comes after it. */
export function at(point: Point): void {
  if (point !== wanted) return;
  passes -= 1;
  if (passes > 0) return;
  process.kill(process.pid, 'SIGKILL');
  // The signal takes effect at once, and should it not, nothing goes on meanwhile.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** Does what has begun go out before the end? The request is on its way, the answer never read. */
export async function atNext<Answer>(point: Point, begun: Promise<Answer>): Promise<Answer> {
  if (point === wanted) setTimeout(() => at(point), 2);
  return await begun;
}
