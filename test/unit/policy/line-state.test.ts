import { describe, expect, test } from 'vitest';
import type { Counts } from '#domain/evidence.ts';
import type { Guard } from '#domain/guard.ts';
import { type EvidenceState, openEvidence } from '#domain/policy/evidence-state.ts';
import type { Line } from '#domain/policy/line.ts';
import type { LineState } from '#domain/policy/line-state.ts';
import { policyOf } from '#domain/policy/policy.ts';
import { binsOf } from '#domain/policy/sampling.ts';
import { dispersionOfRates, dispersionOfValues } from '#domain/statistics/dispersion.ts';
import { learnSpread, unknownSpread } from '#domain/statistics/forecast.ts';
import { noStarts, VALUE_RATIOS } from '#domain/statistics/rollback-evidence.ts';
import { plan } from '#test/support/evidence.ts';

const VERSUS: Guard = { name: 'error_rate', versusStable: { margin: 0 } };
const _LIMIT: Guard = { name: 'error_rate', limit: 0.05 };
const guarded = (...guards: Guard[]) => plan({ guards });
const opened = (guard: Guard, history: readonly Counts[] = [], earlier?: EvidenceState) =>
  openEvidence(policyOf(guarded(guard)), history, earlier);
const only = ({ lines }: EvidenceState): LineState => {
  expect(lines).toHaveLength(1);
  return lines[0] as LineState;
};
const stable = (requests: number, errors: number): Counts => ({ requests, errors });
const bounds = [100, 200, 400];
const latency = (...counts: number[]): Counts => ({
  requests: counts.reduce((sum, count) => sum + count, 0),
  latency_ms: { bounds, counts },
});
describe('errors of stable that come in clusters', () => {
  const clustered = [stable(100, 0), stable(100, 30), stable(100, 0)];

  test('make each of them count for less', () => {
    const tallies = clustered.map(({ requests, errors = 0 }) => ({
      observations: requests,
      bad: errors,
    }));
    const { temper } = dispersionOfRates(tallies);
    expect(temper).toBeLessThan(0.1);
    expect(only(opened(VERSUS, clustered)).temper).toBe(temper);
  });

  test('are not told by fewer than three windows, nor by requests that nobody sorted', () => {
    expect(only(opened(VERSUS, clustered.slice(1))).temper).toBe(1);
    expect(
      only(
        opened(
          VERSUS,
          [...clustered, ...clustered].map(() => ({ requests: 50 })),
        ),
      ).temper,
    ).toBe(1);
  });

  test('are told at the one bound of a latency limit', () => {
    const calm = [1, 2, 3].map(() => latency(50, 30, 10, 10));
    const rough = [latency(90, 10, 0, 0), latency(50, 0, 10, 40), latency(90, 10, 0, 0)];
    const p95: Guard = { name: 'latency_p95_ms', limit: 200 };
    expect(only(opened(p95, calm)).temper).toBe(1);
    const slow = [0, 50, 0].map((bad) => ({ observations: 100, bad }));
    expect(only(opened(p95, rough)).temper).toBe(dispersionOfRates(slow).temper);
  });

  test('are told for averages by their mean and scatter', () => {
    const average: Guard = { name: 'latency_avg_ms', limit: 200 };
    const past = [
      latency(40, 0, 0, 0),
      latency(0, 10, 10, 0),
      latency(40, 0, 0, 0),
      { requests: 40 },
    ];
    // The median is 100 ms, so the cap is 1 000 ms.
    const moments = [
      { observations: 40, mean: 0.1, variance: 0 },
      { observations: 20, mean: 0.3, variance: 0.01 },
      { observations: 40, mean: 0.1, variance: 0 },
      { observations: 0, mean: 0, variance: 0 },
    ];
    const { temper } = only(opened(average, past));
    expect(temper).toBeLessThan(1);
    expect(temper).toBeCloseTo(dispersionOfValues(moments).temper, 9);
  });
});

describe('an average', () => {
  const average: Guard = { name: 'latency_avg_ms', limit: 200 };

  test('is forecast from stable’s histogram, at its worst against the candidate and at its best for it', () => {
    const past = latency(60, 30, 10, 0);
    const state = only(opened(average, [past]));
    const [line] = policyOf(guarded(average)).lines;
    const bins = (side: 'best' | 'worst') =>
      learnSpread(
        unknownSpread,
        binsOf(line as Line, past, 1_000, side) ?? { values: [], counts: [] },
      );
    expect(state.view?.cap).toBe(1_000);
    expect(state.forecasts).toEqual([bins('worst')]);
    expect(state.gateForecast).toEqual(bins('best'));
    expect(only(opened(average)).forecasts).toEqual([unknownSpread]);
    expect(only(opened(average)).starts).toEqual([noStarts(VALUE_RATIOS)]);
  });

  test('learns nothing from a past that has no values', () => {
    const empty = { requests: 500, latency_ms: { bounds, counts: [0, 0, 0, 0] } };
    expect(only(opened(average, [empty])).forecasts).toEqual([unknownSpread]);
    expect(only(opened(average, [{ requests: 500 }])).forecasts).toEqual([unknownSpread]);
  });

  test('against stable waits with its view until stable has shown a histogram', () => {
    const versus: Guard = { name: 'latency_avg_ms', versusStable: { margin: 0 } };
    const blind = only(
      opened(
        versus,
        [1, 2, 3].map(() => stable(100, 1)),
      ),
    );
    expect(blind).toMatchObject({ view: null, temper: 1, riskBudget: 0.005 });
    expect(blind.starts).toHaveLength(1);
    expect(only(opened(versus, [latency(60, 30, 10, 0)])).view?.cap).toBe(1_000);
  });
});
