/**
 * A poll is never silent for more than two intervals: not over a change of summer time, not when the
 * clock is set, not after a sleep, and in whatever zone the machine is.
 */
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import { dice } from '#test/bench/policy/dice.ts';
import { type Stretch, silenceOver } from '#test/support/silence.ts';
import { type Row, scaled, type Trial } from '#test/torture/row.ts';

const TIMES_EACH = 10;
const HOURS = 3;
const INTERVALS_MAX = 2;

export const ZONES = [
  'UTC',
  'Europe/Vienna',
  'America/Chicago',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/St_Johns',
];

/** One hour before each zone changes its clocks; half an hour of it on Lord Howe. */
const CHANGES: Readonly<Record<string, readonly string[]>> = {
  'Europe/Vienna': ['2026-03-29T00:00Z', '2026-10-25T00:00Z'],
  'America/Chicago': ['2026-03-08T07:00Z', '2026-11-01T06:00Z'],
  'Australia/Lord_Howe': ['2026-10-03T14:30Z', '2026-04-04T14:00Z'],
  'America/St_Johns': ['2026-03-08T04:30Z', '2026-11-01T03:30Z'],
};
const USUAL = ['2026-03-29T00:00Z', '2026-10-25T00:00Z'];

const STEPS_MS = [HOUR_MS, -HOUR_MS, 8 * HOUR_MS];
const RHYTHMS = [
  { cron: '*/30 * * * * *', intervalMs: 30 * SECOND_MS },
  { cron: '* * * * *', intervalMs: MINUTE_MS },
];

export async function run(trial: Trial): Promise<Row> {
  const roll = dice(trial.seed);
  const silent: string[] = [];
  const sums = { tried: 0, worst: 0, missed: 0 };
  for (const stretch of stretches(scaled(TIMES_EACH, trial), roll)) {
    const { intervals, missed } = await silenceOver(stretch);
    sums.tried += 1;
    sums.worst = Math.max(sums.worst, intervals);
    sums.missed += missed;
    if (intervals > INTERVALS_MAX)
      silent.push(`${intervals} intervals: ${JSON.stringify(stretch)}`);
  }
  for (const one of silent.slice(0, 5)) console.log(`  ${one}`);
  const figure =
    `${sums.tried} times ${HOURS} hours in ${ZONES.length} zones, over both changes of summer time, ` +
    `the clock set by an hour either way, and eight hours asleep: longest silence ` +
    `${sums.worst.toFixed(2)} intervals, ${sums.missed} polls run by the watchdog`;
  return { name: 'missed-ticks', figure, ok: silent.length === 0 };
}

/** Each begins somewhere within its minute, and the clock is set at any time of it. */
function* stretches(timesEach: number, roll: () => number): Generator<Stretch> {
  for (const zone of ZONES)
    for (const change of CHANGES[zone] ?? USUAL)
      for (const rhythm of RHYTHMS)
        for (const byMs of [0, ...STEPS_MS])
          for (let nth = 0; nth < timesEach; nth += 1) {
            const from = Date.parse(change) + Math.floor(roll() * MINUTE_MS);
            const afterHours = HOURS * roll();
            const step = byMs === 0 ? {} : { step: { byMs, afterHours } };
            yield { from, hours: HOURS, zone, ...rhythm, ...step };
          }
}
