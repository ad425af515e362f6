import { createTokenBuckets } from '#adapters/http/token-bucket.ts';

/** Bursts of this many are normal work; then it is one every two seconds. */
const BURST = 30;
const PER_SECOND = 0.5;
const PEOPLE_MAX = 5_000;

export type PeopleLimits = {
  /** How long this person should wait, in ms; 0 when they need not. */
  readonly waitMs: (userId: string, what: 'stop' | 'other') => number;
};

/** Whoever floods the bot with questions can still stop something: that has a bucket of its own. */
export function createPeopleLimits(monotonicMs: () => number): PeopleLimits {
  const rate = { perSecond: PER_SECOND, burst: BURST };
  const buckets = {
    stop: createTokenBuckets(rate, PEOPLE_MAX),
    other: createTokenBuckets(rate, PEOPLE_MAX),
  };
  return { waitMs: (userId, what) => buckets[what].take(userId, monotonicMs()) };
}
