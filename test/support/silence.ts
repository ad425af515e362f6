/** The real schedule, node-cron and watchdog, on a clock that is made up. */
import { mock } from 'node:test';
import { startSchedule } from '#adapters/scheduler.ts';
import { liveInUtc } from '#config.ts';
import { HOUR_MS, SECOND_MS } from '#domain/time.ts';

/** Finer than any timer that is waited for. */
const TICK_MS = SECOND_MS / 2;

export type Stretch = {
  readonly from: number;
  readonly hours: number;
  /** The wall clock is set by so much, when so many hours have passed; timers never hear of it. */
  readonly step?: { readonly byMs: number; readonly afterHours: number };
  readonly zone: string;
  readonly cron: string;
  readonly intervalMs: number;
};

/** The longest silence of a poll, in intervals, and how often the watchdog had to run it. */
export async function silenceOver({ from, hours, step, zone, cron, intervalMs }: Stretch) {
  const usualZone = process.env['TZ'];
  process.env['TZ'] = zone;
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  let passedMs = 0;
  let startedMs = from;
  const giveDateBack = takeOverDate(() => startedMs + passedMs);
  const seen = { lastMs: 0, longestMs: 0, missed: 0 };
  const note = () => {
    seen.longestMs = Math.max(seen.longestMs, passedMs - seen.lastMs);
    seen.lastMs = passedMs;
  };
  const passUntil = async (untilMs: number) => {
    while (passedMs < untilMs) {
      passedMs += TICK_MS;
      mock.timers.tick(TICK_MS);
      await new Promise<void>((resolve) => process.nextTick(resolve));
    }
  };
  try {
    liveInUtc();
    const onMissed = () => {
      seen.missed += 1;
    };
    const log = { info: () => {}, warn: () => {}, error: () => {} };
    const schedule = startSchedule(
      { monotonicMs: () => passedMs, log, onMissed },
      { cron, intervalMs, run: async () => note() },
    );
    if (step) {
      await passUntil(step.afterHours * HOUR_MS);
      startedMs += step.byMs;
    }
    await passUntil(hours * HOUR_MS);
    note();
    await schedule.stop();
    return { intervals: seen.longestMs / intervalMs, missed: seen.missed };
  } finally {
    mock.timers.reset();
    giveDateBack();
    if (usualZone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = usualZone;
  }
}

/** The wall clock alone, which timers do not go by: they were set before and keep their time. */
function takeOverDate(nowMs: () => number): () => void {
  const real = globalThis.Date;
  const construct = (target: DateConstructor, given: unknown[], made: new () => object) =>
    Reflect.construct(target, given.length > 0 ? given : [nowMs()], made);
  const get = (target: DateConstructor, name: string | symbol) =>
    name === 'now' ? nowMs : Reflect.get(target, name);
  globalThis.Date = new Proxy(real, { construct, get });
  return () => {
    globalThis.Date = real;
  };
}
