import { describe, expect, test } from 'vitest';
import type { NativeHistogram, Row } from '#adapters/metrics/prometheus-answer.ts';
import { histogramsIn } from '#adapters/metrics/prometheus-series.ts';
import { countsOf, type Looks, tallied } from '#adapters/metrics/prometheus-tally.ts';
import { asInstant } from '#domain/time.ts';

const bucket = (le: string, count: string, pod = 'a'): Row => ({
  metric: { le, pod },
  value: [0, count],
});
const native = (histogram: NativeHistogram): Row => ({
  metric: { pod: 'a' },
  histogram: [0, histogram],
});
const lookAt = (...rows: Row[]) => {
  const look = histogramsIn(rows, 1_000);
  if (!look.ok) throw new Error(look.refusal.detail);
  return look.value;
};
const onlySeries = (...rows: Row[]) => Object.fromEntries([...lookAt(...rows).values()][0] ?? []);

describe('classic buckets', () => {
  test('of one process are one series, by bounds in ms', () => {
    const rows = [bucket('0.1', '3'), bucket('0.3', '5'), bucket('1.0', '6'), bucket('+Inf', '7')];
    expect(onlySeries(...rows)).toEqual({ 100: 3, 300: 5, 1000: 6, Infinity: 7 });
  });

  test('of two processes are two series', () => {
    const rows = [bucket('+Inf', '7'), bucket('+Inf', '4', 'b')];
    expect(lookAt(...rows).size).toBe(2);
  });

  test.each([
    ['no bound', { metric: { pod: 'a' }, value: [0, '1'] } satisfies Row, 'misconfigured'],
    ['a bound that is no number', bucket('high', '1'), 'misconfigured'],
    ['no end', bucket('1', '1'), 'misconfigured'],
    ['a count that is no number', bucket('+Inf', 'NaN'), 'not_a_number'],
  ] as const)('with %s are unknown', (_, row, reason) => {
    expect(histogramsIn([row], 1_000)).toMatchObject({ ok: false, refusal: { reason } });
  });
});

describe('native buckets', () => {
  test('are read on a grid that holds every power of two, zeros and all', () => {
    const series = onlySeries(
      native({
        count: '10',
        buckets: [
          [3, '-0.001', '0.001', '2'],
          [0, '0.25', '0.2973017787506803', '3'],
          [0, '0.5', '0.5946035575013605', '4'],
          [0, '1048576', '+Inf', '1'],
        ],
      }),
    );
    expect(series).toMatchObject({ 250: 2, 500: 5, 1000: 9, Infinity: 10 });
  });

  test('may be coarser than the grid, and make it so', () => {
    const coarse = onlySeries(native({ count: '1', buckets: [[0, '0.25', '1', '1']] }));
    expect(coarse).toMatchObject({ 1000: 1, 4000: 1 });
    expect(Object.keys(coarse)).not.toContain('500');
  });

  test('may be empty', () => {
    expect(onlySeries(native({ count: '0' }))).toMatchObject({ 500: 0, Infinity: 0 });
  });

  test('of own bounds are unknown', () => {
    const own = native({ count: '1', buckets: [[0, '0.3', '0.7', '1']] });
    expect(histogramsIn([own])).toMatchObject({ refusal: { reason: 'misconfigured' } });
  });
});

describe('running totals of two versions', () => {
  const requests = (count: number) => ({
    candidate: new Map(),
    stable: new Map([['a', new Map([[Infinity, count]])]]),
  });
  const latency = (candidate: readonly Row[], stable: readonly Row[]): Looks => ({
    candidate: lookAt(...candidate),
    stable: lookAt(...stable),
  });
  const tally = (before: Tally, count: number, latencies: Looks, minute: number) => {
    const looks = new Map([
      ['requests', requests(count)] as const,
      ['latency_bucket', latencies] as const,
    ]);
    const next = tallied(before, looks, asInstant(minute * 60_000));
    if (!next.ok) throw new Error(next.refusal.detail);
    return next.value;
  };
  type Tally = Parameters<typeof tallied>[0];
  const fine = (counts: readonly [string, string, string]) => [
    bucket('0.1', counts[0]),
    bucket('1', counts[1]),
    bucket('+Inf', counts[2]),
  ];

  test('share the bounds that both versions have', () => {
    const coarse = [bucket('1', '2'), bucket('+Inf', '2')];
    const first = tally(undefined, 1, latency(coarse, fine(['1', '2', '3'])), 0);
    const second = tally(first, 1, latency(coarse, fine(['1', '4', '6'])), 1);
    expect(countsOf(second, 'stable').latency_ms).toEqual({ bounds: [1000], counts: [2, 1] });
    expect(countsOf(second, 'candidate').latency_ms).toEqual({ bounds: [1000], counts: [0, 0] });
  });

  test('begin again together when buckets are no longer there', () => {
    const first = tally(undefined, 10, latency([], fine(['1', '2', '3'])), 0);
    const second = tally(first, 15, latency([], fine(['2', '3', '4'])), 1);
    expect(countsOf(second, 'stable')).toMatchObject({ requests: 5 });
    const third = tally(second, 18, latency([], [bucket('1', '9'), bucket('+Inf', '9')]), 2);
    expect(countsOf(third, 'stable')).toEqual({
      requests: 0,
      latency_ms: { bounds: [1000], counts: [0, 0] },
    });
  });

  test('are unknown when no bucket is shared at all', () => {
    const candidate = [bucket('0.2', '1'), bucket('+Inf', '1')];
    const looks = new Map([
      ['requests', requests(1)] as const,
      ['latency_bucket', latency(candidate, fine(['1', '1', '1']))] as const,
    ]);
    const refusal = { reason: 'misconfigured' };
    expect(tallied(undefined, looks, asInstant(0))).toMatchObject({ ok: false, refusal });
  });
});
