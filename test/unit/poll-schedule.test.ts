import { createTask } from 'node-cron';
import { describe, expect, test } from 'vitest';
import { readPollSchedule } from '#adapters/settings/poll-schedule.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/time.ts';

function gapsOf(expression: string) {
  const read = readPollSchedule(expression);
  if (!read.ok) throw new Error(read.refusal);
  return [read.value.pollMs, read.value.longestMs];
}

describe('the gap between polls', () => {
  test.each([
    ['* * * * *', MINUTE_MS, MINUTE_MS],
    ['*/5 * * * *', 5 * MINUTE_MS, 5 * MINUTE_MS],
    ['*/2 * * * * *', 2 * SECOND_MS, 2 * SECOND_MS],
    ['* * * * * *', SECOND_MS, SECOND_MS],
    ['30 * * * * *', MINUTE_MS, MINUTE_MS],
    ['0,10,30 * * * * *', 10 * SECOND_MS, 30 * SECOND_MS],
    ['*/7 * * * *', 4 * MINUTE_MS, 7 * MINUTE_MS],
    ['59,0 * * * *', MINUTE_MS, 59 * MINUTE_MS],
    ['@hourly', HOUR_MS, HOUR_MS],
    ['0 9-17 * * *', HOUR_MS, 16 * HOUR_MS],
    ['0 4 * * *', DAY_MS, DAY_MS],
  ])('of “%s” is the smallest there is, over midnight too', (expression, pollMs, longestMs) => {
    expect(gapsOf(expression)).toEqual([pollMs, longestMs]);
  });

  test.each(['*/7 * * * *', '*/13 * * * * *', '5-20/3 */5 * * *'])(
    'of “%s” is what node-cron itself plans',
    (expression) => {
      const task = createTask(expression, () => undefined, { timezone: 'UTC' });
      try {
        const runs = task.getNextRuns(300).map((run) => run.getTime());
        const gaps = runs.slice(1).map((run, index) => run - (runs[index] ?? 0));
        expect(gapsOf(expression)).toEqual([Math.min(...gaps), Math.max(...gaps)]);
      } finally {
        task.destroy();
      }
    },
  );
});

describe('a schedule', () => {
  test.each([
    ['every minute', 'is not a cron expression of 5 or 6 fields; write '],
    ['* * * *', 'is not a cron expression of 5 or 6 fields; write '],
    ['* 24 * * *', 'has no hour “24”; write '],
    [
      '* * * * 1-5',
      'must run on every day, because guards never rest; keep its last three fields *',
    ],
    ['* * 1 * *', 'must run on every day, '],
    ['@weekly', 'must run on every day, '],
  ])('“%s” is refused', (expression, sentence) => {
    const read = readPollSchedule(expression);
    expect(read.ok ? '' : read.refusal).toContain(sentence);
  });
});
