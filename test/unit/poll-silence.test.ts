import { describe, expect, test } from 'vitest';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import { type Stretch, silenceOver } from '#test/support/silence.ts';
import { ZONES } from '#test/torture/missed-ticks.ts';

/** A quarter of an hour before the changes in Europe. */
const SPRING = Date.parse('2026-03-29T00:45:00Z');
const AUTUMN = Date.parse('2026-10-25T00:45:00Z');
const twiceAMinute = { cron: '*/30 * * * * *', intervalMs: 30 * SECOND_MS };
const setBy = (byMs: number) => ({ from: SPRING, hours: 0.5, step: { byMs, afterHours: 0.25 } });

describe.each(ZONES)(
  'with the machine in %s, a poll is never silent for more than two intervals',
  (zone) => {
    test.each<[string, Pick<Stretch, 'from' | 'hours' | 'step'>]>([
      ['over the change to summer time', { from: SPRING, hours: 1 }],
      ['over the change to winter time', { from: AUTUMN, hours: 1 }],
      ['when the clock is set forward by an hour', setBy(HOUR_MS)],
      ['when the clock is set back by an hour', setBy(-HOUR_MS)],
      ['after eight hours asleep', setBy(8 * HOUR_MS)],
    ])('%s', async (_, how) => {
      const { intervals } = await silenceOver({ ...how, ...twiceAMinute, zone });
      expect(intervals).toBeLessThanOrEqual(2);
    });
  },
);

test('a clock that was set back is noticed, and every poll the watchdog runs is counted', async () => {
  const { missed } = await silenceOver({
    ...{ from: AUTUMN, hours: 1, zone: 'UTC', ...twiceAMinute },
    step: { byMs: -20 * MINUTE_MS, afterHours: 0.5 },
  });
  expect(missed).toBeGreaterThan(0);
});
