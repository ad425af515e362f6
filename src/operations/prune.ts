import type { Settings } from '#domain/settings.ts';
import { asInstant, DAY_MS, type Instant, MINUTE_MS } from '#domain/time.ts';
import type { Clock } from '#operations/clock.ts';

/** Tables that only serve the present. The register is none of them. */
export type Prunable = {
  readonly agentLogs: (before: Instant, limit: number) => number;
  /** What was staged and never sealed: whoever sent it went away. */
  readonly logParts: (before: Instant) => number;
  readonly inbox: (before: Instant, limit: number) => number;
  readonly outbox: (before: Instant, limit: number) => number;
  readonly splitKeys: (endedSince: Instant, limit: number) => number;
  readonly windows: (before: Instant, limit: number) => number;
  readonly minutes: (before: Instant, limit: number) => number;
};

const SLICE = 2_000;
/** Slack was never seen to deliver anything again after five minutes; a week is a wide margin. */
const STAGED_KEPT_MS = 10 * MINUTE_MS;
const REQUESTS_KEPT_MS = 7 * DAY_MS;

/** Removes what is older than its retention, a slice at a time, so that nothing stalls. */
export function prune(tables: Prunable, settings: Settings, clock: Clock): number {
  const at = clock();
  const before = (keptMs: number) => asInstant(at - keptMs);
  const { agentLogsMs, verdictWindowsMs } = settings.retention;
  return (
    tables.agentLogs(before(agentLogsMs), SLICE) +
    tables.logParts(before(STAGED_KEPT_MS)) +
    tables.inbox(before(REQUESTS_KEPT_MS), SLICE) +
    tables.outbox(before(REQUESTS_KEPT_MS), SLICE) +
    tables.splitKeys(before(REQUESTS_KEPT_MS), SLICE) +
    tables.windows(before(verdictWindowsMs), SLICE) +
    tables.minutes(before(verdictWindowsMs), SLICE)
  );
}
