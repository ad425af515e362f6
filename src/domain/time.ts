declare const instant: unique symbol;

/** A moment in epoch milliseconds. The brand keeps durations and moments apart. */
export type Instant = number & { readonly [instant]: true };

export const asInstant = (epochMs: number) => epochMs as Instant;
export const later = (at: Instant, byMs: number) => asInstant(at + byMs);
export const elapsedMs = (since: Instant, at: Instant) => Math.max(0, at - since);

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const UNIT_MS: Readonly<Record<string, number>> = {
  s: SECOND_MS,
  m: MINUTE_MS,
  h: HOUR_MS,
  d: DAY_MS,
};

/** Reads `30s`, `10m`, `24h` or `2d` into milliseconds; anything else is undefined. */
export function durationMs(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit ?? ''];
  return digits && unitMs ? Number(digits) * unitMs : undefined;
}

/** The two largest units, as people say it: `1 d 4 h`, `90 s` as `1 min 30 s`. */
export function inWords(ms: number): string {
  const parts = [
    { size: DAY_MS, unit: 'd' },
    { size: HOUR_MS, unit: 'h' },
    { size: MINUTE_MS, unit: 'min' },
    { size: SECOND_MS, unit: 's' },
  ];
  let rest = Math.max(0, Math.round(ms / SECOND_MS) * SECOND_MS);
  const said: string[] = [];
  for (const { size, unit } of parts) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) said.push(`${count} ${unit}`);
  }
  return said.slice(0, 2).join(' ') || '0 s';
}
