import { describe, expect, test } from 'vitest';
import type { Counts } from '#domain/evidence.ts';
import { addCounts, areCounts, countedBetween } from '#domain/policy/counting.ts';

const latency = (bounds: readonly number[], ...counts: number[]): Counts => ({
  requests: 1,
  latency_ms: { bounds, counts },
});
const bounds = [100, 250];

describe('between two readings', () => {
  test('each counter grew by the difference', () => {
    const before = { requests: 100, errors: 4, keys: 30 };
    const now = { requests: 150, errors: 4, keys: 33 };
    expect(countedBetween(before, now)).toStrictEqual({ requests: 50, errors: 0, keys: 3 });
  });

  test('a counter that fell began anew, and one that is new began at nothing', () => {
    const now = { requests: 30, errors: 2, tool_calls: 7, keys: 9 };
    expect(countedBetween({ requests: 100, errors: 1 }, now)).toStrictEqual({
      requests: 30,
      errors: 1,
      tool_calls: 7,
      keys: 9,
    });
  });

  test('what the source does not count any more is not counted as nought', () => {
    const before = { ...latency(bounds, 1, 1, 1), errors: 3, keys: 2 };
    expect(countedBetween(before, { requests: 5 })).toStrictEqual({ requests: 4 });
  });

  test.each([
    ['grew by the difference', bounds, [4, 2, 1], [3, 0, 1]],
    ['grew in one bucket and rested in the others', [...bounds], [1, 3, 0], [0, 1, 0]],
    ['fell in one bucket, so all of it began anew', bounds, [0, 9, 9], [0, 9, 9]],
    ['has other bounds now, so its counts cannot be compared', [100, 300], [4, 2, 1], [4, 2, 1]],
    ['was sorted by bounds of its own before', [100, 250], [4, 2], [4, 2]],
    ['has a bucket more now', [100, 250, 500], [4, 2, 1, 1], [4, 2, 1, 1]],
  ])('a histogram %s', (_, bounds, now, grown) => {
    const before = latency([100, 250], 1, 2, 0);
    const counted = countedBetween(before, latency(bounds, ...now)).latency_ms;
    expect(counted).toEqual({ bounds, counts: grown });
  });

  test('a histogram of the same bounds is told by its numbers, not by where they are kept', () => {
    const kept = [100, 250];
    const counted = countedBetween(latency(kept, 1, 2, 0), latency(kept, 2, 2, 0)).latency_ms;
    expect(counted?.counts).toEqual([1, 0, 0]);
  });
});

describe('two polls together', () => {
  test('hold what either of them counted', () => {
    const one = { requests: 10, errors: 1, keys: 4 };
    const other = { requests: 20, tool_calls: 3 };
    const sum = { requests: 30, errors: 1, tool_calls: 3, keys: 4 };
    expect(addCounts(one, other)).toStrictEqual(sum);
    expect(addCounts(other, one)).toStrictEqual(sum);
    expect(addCounts(one, one)).toStrictEqual({ requests: 20, errors: 2, keys: 8 });
  });

  test('hold the histogram of one where only one has it', () => {
    const seen = latency(bounds, 1, 2, 3);
    expect(addCounts(seen, { requests: 0 })).toStrictEqual(seen);
    expect(addCounts({ requests: 0 }, seen)).toStrictEqual(seen);
  });

  test('add histograms bucket by bucket', () => {
    const sum = addCounts(latency(bounds, 1, 2, 3), latency([100, 250], 10, 20, 30));
    expect(sum.latency_ms).toEqual({ bounds, counts: [11, 22, 33] });
  });

  test.each([[[100, 300]], [[50, 250]], [[100]]])(
    'hold the newer histogram alone after its bounds changed to %j',
    (changed) => {
      const newer = latency(changed, ...changed, 7);
      expect(addCounts(latency(bounds, 1, 2, 3), newer).latency_ms).toEqual(newer.latency_ms);
    },
  );
});

describe('what is no count', () => {
  const costs = (...counts: number[]) => ({ bounds: [1], counts });
  test.each<[string, Counts]>([
    ['a negative number', { requests: 1, errors: -1 }],
    ['no number', { requests: Number.NaN }],
    ['infinitely many', { requests: 1, tool_calls: Number.POSITIVE_INFINITY }],
    ['fewer users than none', { requests: 1, keys: -1 }],
    ['a negative first bucket', latency([100], -1, 5)],
    ['a negative last bucket', latency([100], 5, -1)],
    [
      'a bucket of costs that is no number',
      { ...latency([100], 1), cost_usd: costs(1, Number.NaN) },
    ],
  ])('is found out: %s', (_, arm) => {
    expect(areCounts(arm)).toBe(false);
  });

  test('is none of those that are noughts, or not counted at all', () => {
    expect(areCounts({ ...latency([100], 0, 5), errors: 0, keys: 0 })).toBe(true);
    expect(areCounts({ requests: 3 })).toBe(true);
  });
});
