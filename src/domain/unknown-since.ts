/** Since when nothing has been known of a release, told once when that lasts, and once it is over. */
import type { ThreadNotice } from '#domain/effect.ts';
import { type In, weightOf } from '#domain/release.ts';
import { elapsedMs, type Instant, MINUTE_MS } from '#domain/time.ts';
import type { Verdict } from '#domain/verdict.ts';

/** Metrics hiccup now and then; after this long somebody should look at where they come from. */
const UNKNOWN_TOLD_AFTER_MS = 10 * MINUTE_MS;
/** Above it, going back moves more users than going on, and nobody knows which is worse. */
const LOST_WEIGHT_PERCENT_MAX = 50;

type Serving = In<'progressing'> | In<'paused'>;
type Noted<R> = { readonly release: R; readonly notice?: ThreadNotice };

export function noteUnknown<R extends Serving>(
  release: R,
  verdict: Verdict,
  at: Instant,
): Noted<R> {
  const { unknown } = release;
  if (verdict.reason !== 'no_data') return noteKnown(release, verdict, at);
  if (!unknown) return { release: { ...release, unknown: { since: at, isTold: false } } };
  const unknownMs = elapsedMs(unknown.since, at);
  if (unknown.isTold || unknownMs < UNKNOWN_TOLD_AFTER_MS) return { release };
  return {
    release: { ...release, unknown: { ...unknown, isTold: true } },
    notice: { what: 'unknown_too_long', verdict, unknownMs },
  };
}

/** Nothing is known of it for so long that its plan takes it back. */
export function isLost(release: Serving, at: Instant): boolean {
  const { unknown, facts } = release;
  if (facts.plan.rollback.noData !== 'roll_back' || !unknown) return false;
  const isLong = elapsedMs(unknown.since, at) >= UNKNOWN_TOLD_AFTER_MS;
  return isLong && weightOf(release) <= LOST_WEIGHT_PERCENT_MAX;
}

function noteKnown<R extends Serving>(release: R, verdict: Verdict, at: Instant): Noted<R> {
  const { unknown, ...known } = release;
  if (!unknown) return { release };
  const unknownMs = elapsedMs(unknown.since, at);
  // A stop speaks for itself, and louder.
  const isTold = unknown.isTold && verdict.says !== 'stop';
  return {
    release: known as R,
    ...(isTold && { notice: { what: 'known_again', verdict, unknownMs } }),
  };
}
