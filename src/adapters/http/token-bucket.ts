/** Allows bursts and evens out the rest: `take` says how many milliseconds to wait, or 0. */
export type TokenBucket = { readonly take: (nowMs: number) => number };

export type Rate = { readonly perSecond: number; readonly burst: number };

export function createTokenBucket({ perSecond, burst }: Rate): TokenBucket {
  let left = burst;
  let filledAtMs: number | undefined;
  return {
    take: (nowMs) => {
      const sinceMs = nowMs - (filledAtMs ?? nowMs);
      filledAtMs = nowMs;
      left = Math.min(burst, left + (sinceMs / 1_000) * perSecond);
      if (left < 1) return Math.ceil(((1 - left) / perSecond) * 1_000);
      left -= 1;
      return 0;
    },
  };
}

/** One bucket a caller; the one not seen for longest makes room, so memory stays bounded. */
export function createTokenBuckets(rate: Rate, callersMax: number) {
  const buckets = new Map<string, TokenBucket>();
  return {
    take(caller: string, nowMs: number): number {
      const bucket = buckets.get(caller) ?? createTokenBucket(rate);
      buckets.delete(caller);
      buckets.set(caller, bucket);
      if (buckets.size > callersMax) {
        const [oldest] = buckets.keys();
        if (oldest !== undefined) buckets.delete(oldest);
      }
      return bucket.take(nowMs);
    },
  };
}
