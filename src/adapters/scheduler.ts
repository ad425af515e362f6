import { schedule, type TaskOptions } from 'node-cron';
import type { Logger } from '#operations/logger.ts';

export type SchedulerDeps = {
  readonly monotonicMs: () => number;
  readonly log: Logger;
  /** Told of each poll that the watchdog had to run, because node-cron was silent. */
  readonly onMissed: () => void;
};

export type Schedule = {
  /** A node-cron expression, read in UTC. */
  readonly cron: string;
  /** The usual gap between two ticks. */
  readonly intervalMs: number;
  readonly run: () => Promise<void>;
};

/** It is looked for four times an interval, so nobody ever waits for more than two. */
const LOOKS_PER_INTERVAL = 4;
const OVERDUE_INTERVALS_MAX = 1 - 1 / LOOKS_PER_INTERVAL;

/** Runs something at its times, read in UTC. What is missed stays missed, so nothing may rely on it. */
export function startCron(
  { log }: Pick<SchedulerDeps, 'log'>,
  { cron, run }: Omit<Schedule, 'intervalMs'>,
): { stop: () => Promise<void> } {
  const tick = () =>
    run().catch((error: unknown) => log.error({ err: error }, 'A scheduled run failed'));
  const task = schedule(cron, tick, inUtc(log));
  return { stop: async () => void (await task.destroy()) };
}

/**
 * Runs the poll on its cron, one at a time. node-cron was measured silent for up to two hours
 * when the clock steps back or daylight saving ends, so a watchdog on the monotonic clock runs
 * what is overdue. A run that is still under way is never doubled.
 */
export function startSchedule(deps: SchedulerDeps, job: Schedule): { stop: () => Promise<void> } {
  const { monotonicMs, log, onMissed } = deps;
  let lastStartedMs = monotonicMs();
  let running: Promise<void> | undefined;

  const tick = () => {
    if (running) return;
    lastStartedMs = monotonicMs();
    running = job
      .run()
      .catch((error: unknown) => log.error({ err: error }, 'A scheduled run failed'))
      .finally(() => {
        running = undefined;
      });
  };
  const task = schedule(job.cron, tick, inUtc(log));
  const watchdog = setInterval(
    () => {
      const overdueMs = monotonicMs() - lastStartedMs - job.intervalMs;
      if (running || overdueMs <= OVERDUE_INTERVALS_MAX * job.intervalMs) return;
      onMissed();
      log.warn({ overdueMs }, 'The poll was overdue; the watchdog runs it');
      tick();
    },
    Math.max(250, job.intervalMs / LOOKS_PER_INTERVAL),
  );
  watchdog.unref();
  return {
    stop: async () => {
      clearInterval(watchdog);
      await task.destroy();
      await running;
    },
  };
}

/** Its words belong in our log, and of what it missed the watchdog tells, which runs it. */
const inUtc = (log: Logger): TaskOptions => ({
  timezone: 'Etc/UTC',
  suppressMissedWarning: true,
  logger: {
    info: (said) => log.info({ said }, NODE_CRON),
    debug: () => {},
    warn: (said) => log.warn({ said }, NODE_CRON),
    error: (said, err) => log.error({ said: String(said), err }, NODE_CRON),
  },
});

const NODE_CRON = 'node-cron says something';
