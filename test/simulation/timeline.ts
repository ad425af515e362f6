/** A clock that jumps from one planned moment to the next: a day passes as fast as it is computed. */
import { asInstant, type Instant } from '#domain/time.ts';
import { noon } from '#test/support/builders.ts';

export type Timeline = {
  /** What the wall says; it may be set forward or back under everybody's hands. */
  readonly clock: () => Instant;
  readonly monotonicMs: () => number;
  readonly after: (ms: number, run: () => void) => void;
  readonly setWall: (byMs: number) => void;
  /** Goes to the next planned moment and does what is planned; false when nothing is. */
  readonly next: () => boolean;
};

type Planned = { readonly atMs: number; readonly run: () => void };

export function createTimeline(): Timeline {
  let passedMs = 0;
  let wallMs: number = noon;
  /** The soonest last; of two at the same moment the one that was planned first goes first. */
  const planned: Planned[] = [];
  return {
    clock: () => asInstant(wallMs + passedMs),
    monotonicMs: () => passedMs,
    after: (ms, run) => {
      const atMs = passedMs + Math.max(0, Math.round(ms));
      let place = planned.length;
      while (place > 0 && (planned[place - 1]?.atMs ?? 0) <= atMs) place -= 1;
      planned.splice(place, 0, { atMs, run });
    },
    setWall: (byMs) => {
      wallMs += Math.round(byMs);
    },
    next: () => {
      const one = planned.pop();
      if (!one) return false;
      passedMs = Math.max(passedMs, one.atMs);
      one.run();
      return true;
    },
  };
}
