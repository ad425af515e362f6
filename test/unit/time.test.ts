import { describe, expect, test } from 'vitest';
import { asInstant, DAY_MS, durationMs, elapsedMs, HOUR_MS, inWords, later } from '#domain/time.ts';

describe('a duration', () => {
  test.each([
    ['30s', 30_000],
    ['10m', 600_000],
    ['24h', DAY_MS],
    ['2d', 2 * DAY_MS],
    ['0s', 0],
  ])('written as %s is read', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });

  test.each(['', '30', 'h', '1h30m', 'in 30s', '30s ', '1.5h', '1234567s', '5w'])(
    'is not guessed from “%s”',
    (text) => {
      expect(durationMs(text)).toBeUndefined();
    },
  );

  test.each([
    [0, '0 s'],
    [-5_000, '0 s'],
    [499, '0 s'],
    [90_000, '1 min 30 s'],
    [HOUR_MS, '1 h'],
    [DAY_MS + 4 * HOUR_MS + 61_000, '1 d 4 h'],
  ])('of %d ms is said as “%s”', (ms, words) => {
    expect(inWords(ms)).toBe(words);
  });
});

test('no time has passed on a clock that was set back', () => {
  const at = asInstant(1_000);
  expect(elapsedMs(at, later(at, 250))).toBe(250);
  expect(elapsedMs(at, later(at, -1))).toBe(0);
});
