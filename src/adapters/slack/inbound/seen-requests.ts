import { WINDOW_MS } from '#adapters/slack/inbound/signature.ts';

/** Longer than a signature can be valid, from the far end of the window to the other. */
const KEPT_MS = 3 * WINDOW_MS;
const SWEPT_EVERY_MS = 10_000;

/**
 * Signatures that were taken once. Slack signs a retry anew, so the very same bytes can only be a
 * recording. Only requests with a valid signature get in here, so nobody else can fill it.
 */
export function createSeenRequests(monotonicMs: () => number) {
  const seen = new Map<string, number>();
  let sweptAtMs = monotonicMs();

  const sweep = (nowMs: number) => {
    if (nowMs - sweptAtMs < SWEPT_EVERY_MS) return;
    sweptAtMs = nowMs;
    // The map keeps the order of arrival, so the old ones come first.
    for (const [signature, atMs] of seen) {
      if (nowMs - atMs <= KEPT_MS) return;
      seen.delete(signature);
    }
  };
  return {
    /** Was it seen before? From now on it was. */
    isRepeat: (signature: string): boolean => {
      const nowMs = monotonicMs();
      sweep(nowMs);
      if (seen.has(signature)) return true;
      seen.set(signature, nowMs);
      return false;
    },
  };
}
