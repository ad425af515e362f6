import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startSchedule } from '#adapters/scheduler.ts';
import { liveInUtc } from '#config.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/time.ts';

const INTERVAL_MS = 30 * SECOND_MS;
const SPRING = Date.parse('2026-03-29T00:00:00Z');
const AUTUMN = Date.parse('2026-10-25T00:00:00Z');
const ZONES = [
  'UTC',
  'Europe/Vienna',
  'America/Chicago',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/St_Johns',
];

const usualZone = process.env['TZ'];
beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
});
afterEach(() => {
  vi.useRealTimers();
  if (usualZone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = usualZone;
});

/** The longest silence of a poll over some hours, in intervals; halfway the wall clock is set. */
async function silenceOver({
  from,
  hours,
  stepMs = 0,
  zone,
}: {
  from: number;
  hours: number;
  stepMs?: number;
  zone: string;
}) {
  process.env['TZ'] = zone;
  liveInUtc();
  vi.setSystemTime(from);
  const monotonicMs = () => performance.now();
  let lastMs = monotonicMs();
  let longestMs = 0;
  let missed = 0;
  const note = () => {
    longestMs = Math.max(longestMs, monotonicMs() - lastMs);
    lastMs = monotonicMs();
  };
  const schedule = startSchedule(
    {
      monotonicMs,
      log: { info: () => {}, warn: () => {}, error: () => {} },
      onMissed: () => {
        missed += 1;
      },
    },
    { cron: '*/30 * * * * *', intervalMs: INTERVAL_MS, run: async () => note() },
  );
  await vi.advanceTimersByTimeAsync((hours * HOUR_MS) / 2);
  if (stepMs !== 0) vi.setSystemTime(Date.now() + stepMs);
  await vi.advanceTimersByTimeAsync((hours * HOUR_MS) / 2);
  note();
  await schedule.stop();
  return { intervals: longestMs / INTERVAL_MS, missed };
}

describe.each(ZONES)(
  'with the machine in %s, a poll is never silent for more than two intervals',
  (zone) => {
    test.each([
      ['over the change to summer time', { from: SPRING, hours: 3 }],
      ['over the change to winter time', { from: AUTUMN, hours: 3 }],
      ['when the clock is set forward by an hour', { from: SPRING, hours: 1, stepMs: HOUR_MS }],
      ['when the clock is set back by an hour', { from: SPRING, hours: 1, stepMs: -HOUR_MS }],
      ['after eight hours asleep', { from: SPRING, hours: 1, stepMs: 8 * HOUR_MS }],
    ])('%s', async (_, how) => {
      expect((await silenceOver({ ...how, zone })).intervals).toBeLessThanOrEqual(2);
    });
  },
);

test('a clock that was set back is noticed, and every poll the watchdog runs is counted', async () => {
  const { missed } = await silenceOver({
    from: AUTUMN,
    hours: 1,
    stepMs: -20 * MINUTE_MS,
    zone: 'UTC',
  });
  expect(missed).toBeGreaterThan(0);
});
