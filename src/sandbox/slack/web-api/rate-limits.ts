/** Token buckets per method, and per channel for posting. */
import type { Tier } from '#sandbox/slack/web-api/method.ts';

/** `generous` keeps Slack's pace but forgives bursts; `strict` forgives as little as documented. */
export type RateLimitMode = 'off' | 'generous' | 'strict';

type Bucket = { tokens: number; atMs: number };
export type RateLimits = {
  mode: RateLimitMode;
  readonly clock: () => number;
  readonly buckets: Map<string, Bucket>;
};

type Limit = { readonly perMinute: number; readonly burst: number };

const TIER_PER_MINUTE = { 1: 1, 2: 20, 3: 50, 4: 100 } as const;
/** `special` methods that do not post allow hundreds a minute. */
const SPECIAL_PER_MINUTE = 600;
const POSTS_PER_MINUTE = 60;
const POSTS_BURST = { strict: 1, generous: 20 } as const;
const GENEROUS_FACTOR = 3;

export const createRateLimits = (mode: RateLimitMode, clock: () => number): RateLimits => ({
  mode,
  clock,
  buckets: new Map(),
});

type Counted = { readonly method: string; readonly tier: Tier; readonly channel?: string };

/** The seconds to wait when this call is one too many, else undefined. */
export function takeTurn(limits: RateLimits, { method, tier, channel }: Counted) {
  if (limits.mode === 'off') return undefined;
  const { mode } = limits;
  if (method === 'chat.postMessage' && channel) {
    const limit = { perMinute: POSTS_PER_MINUTE, burst: POSTS_BURST[mode] };
    const waitSeconds = take(limits, `${method} ${channel}`, limit);
    if (waitSeconds) return waitSeconds;
  }
  const perMinute = tier === 'special' ? SPECIAL_PER_MINUTE : TIER_PER_MINUTE[tier];
  const burst = mode === 'strict' ? perMinute : perMinute * GENEROUS_FACTOR;
  return take(limits, method, { perMinute, burst });
}

function take({ buckets, clock }: RateLimits, key: string, { perMinute, burst }: Limit) {
  const atMs = clock();
  const before = buckets.get(key) ?? { tokens: burst, atMs };
  const perMs = perMinute / 60_000;
  const tokens = Math.min(burst, before.tokens + (atMs - before.atMs) * perMs);
  if (tokens < 1) {
    buckets.set(key, { tokens, atMs });
    return Math.max(1, Math.ceil((1 - tokens) / perMs / 1_000));
  }
  buckets.set(key, { tokens: tokens - 1, atMs });
  return undefined;
}
