import { setTimeout as pause } from 'node:timers/promises';

/** Generous, since a busy machine may be slow; a story that works never waits so long. */
const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 25;

export type Until = {
  /** What is waited for, in a few words. */
  readonly what: string;
  readonly withinMs?: number;
  readonly everyMs?: number;
};

type Nothing = false | 0 | '' | null | undefined;

/** Looks again and again until there is something, and says what it last threw when there never is. */
export async function until<Found>(
  look: () => Found | Promise<Found>,
  { what, withinMs = PATIENCE_MS, everyMs = LOOK_EVERY_MS }: Until,
): Promise<Exclude<Found, Nothing>> {
  const end = performance.now() + withinMs;
  let cause: unknown;
  while (performance.now() < end) {
    try {
      const found = await look();
      if (found) return found as Exclude<Found, Nothing>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await pause(everyMs);
  }
  throw new Error(`Waited ${withinMs} ms in vain for ${what}.`, { cause });
}
