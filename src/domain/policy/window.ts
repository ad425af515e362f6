/** When a window says enough to be judged. Only counts decide that, never outcomes. */
import type { Counts } from '#domain/evidence.ts';
import type { Instant } from '#domain/time.ts';

/** A window stays open over polls until it holds enough. */
export type OpenWindow = {
  readonly from: Instant;
  readonly weightPercent: number;
  readonly candidate: Counts;
  readonly stable: Counts;
};

export const STABLE_OBSERVATIONS_MIN = 20;

/**
 * One request of the candidate and twenty of stable, or the reverse, since at a high weight it is
 * stable that is heard rarely. When stable stays away altogether the window closes all the same:
 * absolute lines need no stable arm, and a broken candidate must not wait for one.
 */
export function isFull({ candidate, stable, weightPercent }: OpenWindow): boolean {
  if (candidate.requests < 1) return false;
  if (weightPercent >= 100 || stable.requests >= STABLE_OBSERVATIONS_MIN) return true;
  const stableExpected = (candidate.requests * (100 - weightPercent)) / weightPercent;
  return candidate.requests >= 20 && (stable.requests >= 1 || stableExpected >= 3);
}
