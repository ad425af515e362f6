/** Times in the reader's own zone and language. The moment that counts as now is handed in. */

const DAY_MS = 24 * 60 * 60 * 1000;

const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en', options);
const TIME = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const TIME_SECS = format({
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const DATE = format({ year: 'numeric', month: 'long', day: 'numeric' });
const DATE_SHORT = format({ year: 'numeric', month: 'short', day: 'numeric' });
const DATE_LONG = format({ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' });
const DATE_NUM = format({ year: 'numeric', month: '2-digit', day: '2-digit' });
const DAY = format({ weekday: 'long', month: 'long', day: 'numeric' });

export const timeOfDay = (atMs: number) => TIME.format(atMs);
export const fullTime = (atMs: number) => `${DATE_LONG.format(atMs)} at ${TIME_SECS.format(atMs)}`;

/** Which calendar day it was, as one number, so that neighbours can be compared. */
export function dayOf(atMs: number): number {
  const date = new Date(atMs);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS);
}

export function dayLabel(atMs: number, nowMs: number): string {
  return relativeDay(atMs, nowMs) ?? DAY.format(atMs);
}

function relativeDay(atMs: number, nowMs: number): string | undefined {
  const days = dayOf(nowMs) - dayOf(atMs);
  return { '0': 'Today', '1': 'Yesterday', '-1': 'Tomorrow' }[String(days)];
}

export function ago(atMs: number, nowMs: number): string {
  const seconds = Math.round((nowMs - atMs) / 1000);
  const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (Math.abs(seconds) < 60) return relative.format(-seconds, 'second');
  if (Math.abs(seconds) < 3600) return relative.format(-Math.round(seconds / 60), 'minute');
  if (Math.abs(seconds) < 86_400) return relative.format(-Math.round(seconds / 3600), 'hour');
  return relative.format(-Math.round(seconds / 86_400), 'day');
}

/** Fills Slack's date tokens, as in `{date_short_pretty} at {time}`; unknown ones stay. */
export function fillDate(tokens: string, atMs: number, nowMs: number): string {
  const pretty = (otherwise: Intl.DateTimeFormat) =>
    relativeDay(atMs, nowMs)?.toLowerCase() ?? otherwise.format(atMs);
  const words: Readonly<Record<string, () => string>> = {
    date_num: () => DATE_NUM.format(atMs),
    date: () => DATE.format(atMs),
    date_short: () => DATE_SHORT.format(atMs),
    date_long: () => DATE_LONG.format(atMs),
    date_pretty: () => pretty(DATE),
    date_short_pretty: () => pretty(DATE_SHORT),
    date_long_pretty: () => pretty(DATE_LONG),
    time: () => TIME.format(atMs),
    time_secs: () => TIME_SECS.format(atMs),
    ago: () => ago(atMs, nowMs),
  };
  return tokens.replace(/\{([a-z_]+)\}/g, (token, name: string) => words[name]?.() ?? token);
}
