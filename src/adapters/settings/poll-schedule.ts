// How far apart the polls of a node-cron expression are.

import { type ParsedFields, validateDetailed } from 'node-cron';
import { whyInvalid } from '#adapters/settings/cron.ts';
import { no, type Result, yes } from '#domain/result.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/time.ts';

export type PollSchedule = {
  readonly expression: string;
  /** The smallest gap between two runs: what windows and the watchdog go by. */
  readonly pollMs: number;
  /** The largest gap, which differs when 60 or 24 cannot be divided evenly. */
  readonly longestMs: number;
};

const HOURS_PER_DAY = 24;
const EXAMPLE = '"* * * * *" for every minute, "*/2 * * * * *" for every 2 seconds';

export function readPollSchedule(expression: string): Result<PollSchedule, string> {
  const { valid, fields, errors } = validateDetailed(expression);
  if (!valid || !fields) return no(`${whyInvalid(errors)}; write ${EXAMPLE}`);
  const { dayOfMonth, month, dayOfWeek } = fields;
  if (dayOfMonth.length < 31 || month.length < 12 || dayOfWeek.length < 7)
    return no('must run on every day, because guards never rest; keep its last three fields *');

  const gaps = gapsBetween(fields);
  return yes({ expression, pollMs: Math.min(...gaps), longestMs: Math.max(...gaps) });
}

/** Every hour that runs at all runs alike, so one hour and the way to the next one tell all. */
function gapsBetween({ hour, minute, second }: ParsedFields): readonly number[] {
  const runs = rising(minute).flatMap((m) =>
    rising(second).map((s) => m * MINUTE_MS + s * SECOND_MS),
  );
  const within = runs.slice(1).map((run, place) => run - (runs[place] ?? 0));
  const span = within.reduce((sum, gap) => sum + gap, 0);
  const hours = rising(hour);
  const toNextDay = (hours[0] ?? 0) + HOURS_PER_DAY;
  const between = hours.map((h, place) => ((hours[place + 1] ?? toNextDay) - h) * HOUR_MS - span);
  return [...within, ...between];
}

const rising = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);
