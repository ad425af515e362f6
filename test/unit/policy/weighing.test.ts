import { describe, expect, test } from 'vitest';
import type { Counts, EvidenceWindow } from '#domain/evidence.ts';
import type { Guard } from '#domain/guard.ts';
import { linesOf } from '#domain/policy/line.ts';
import { type LineState, openLine } from '#domain/policy/line-state.ts';
import { boundOf, gateBound, type Weighing, weighLine } from '#domain/policy/weigh-line.ts';
import { forecastRate, learnRate } from '#domain/statistics/forecast.ts';
import { logGate, weighGate } from '#domain/statistics/gate.ts';
import {
  noStarts,
  RATE_RATIOS,
  startAfresh,
  VALUE_RATIOS,
  weighRates,
} from '#domain/statistics/rollback-evidence.ts';
import { later, MINUTE_MS } from '#domain/time.ts';
import { given, NOON, plan } from '#test/support/evidence.ts';

const only = (guard: Guard) => {
  const [line] = linesOf([guard]);
  if (!line) throw new Error('A guard without a line.');
  return line;
};
const window = (candidate: Counts, stable: Counts): EvidenceWindow => ({
  from: NOON,
  to: later(NOON, MINUTE_MS),
  weightPercent: 10,
  candidate,
  stable,
});
const weighing = (seen: EvidenceWindow, about: Partial<Weighing> = {}): Weighing => ({
  window: seen,
  startWeight: 0.6,
  nextShare: 0.25,
  hasStable: true,
  ...about,
});
const versus = only({ name: 'error_rate', versusStable: { margin: 0 } });
const limit = only({ name: 'error_rate', limit: 0.05 });
const past = [{ requests: 1_000, errors: 20 }];
const fresh = (line = versus) => openLine(line, past);
const seen = window({ requests: 100, errors: 6 }, { requests: 900, errors: 18 });
const arms = {
  candidate: { observations: 100, bad: 6 },
  stable: { observations: 900, bad: 18 },
};

describe('one window on a line of shares', () => {
  test('is weighed against the candidate by what was known before, and for it beside the next share', () => {
    const before = fresh();
    const after = weighLine(versus, before, weighing(seen));
    const stableRate = forecastRate(before.gateForecast);
    const started = startAfresh(noStarts(RATE_RATIOS), RATE_RATIOS, 0.6);
    expect(after.starts).toEqual([
      weighRates(started, { bound: versus.bound, arms, stableRate, temper: 1 }),
    ]);
    const bound = { rho: 1, delta: before.riskBudget / 0.25 };
    expect(after.gates).toEqual(weighGate(before.gates, { bound, arms, stableRate, temper: 1 }));
    expect(after.forecasts).toEqual(before.forecasts.map((one) => learnRate(one, arms.stable)));
    expect(after).toMatchObject({ total: arms, inStep: arms, windowsInStep: 1 });
  });

  test('counts for less where errors come in clusters', () => {
    const gained = (temper: number) => {
      const state: LineState = { ...fresh(), temper };
      const { starts, gates } = weighLine(versus, state, weighing(seen, { startWeight: 1 }));
      const gain = (starts[0]?.[2] ?? 0) - Math.log(RATE_RATIOS.prior[2] ?? 0);
      return [gain, gates[0] ?? 0] as const;
    };
    const [[gain, gate], [tempered, temperedGate]] = [gained(1), gained(0.25)];
    expect(gain).toBeGreaterThan(0);
    expect(tempered).toBeCloseTo(gain / 4, 9);
    expect(temperedGate).toBeCloseTo(gate / 4, 9);
  });

  test('asks no gate where nothing more is given', () => {
    const after = weighLine(versus, fresh(), weighing(seen, { nextShare: undefined }));
    expect(after.gates).toEqual([0, 0]);
    expect(after.windowsInStep).toBe(1);
  });

  test('says nothing while an arm that the line needs observed nothing, though stable is learnt', () => {
    const silent = { requests: 0, errors: 0 };
    const { starts } = weighLine(versus, fresh(), weighing(seen));
    for (const [line, candidate, stable] of [
      [versus, silent, seen.stable],
      [versus, seen.candidate, silent],
      [limit, silent, seen.stable],
      [versus, { requests: 5 }, seen.stable],
    ] as const) {
      const before = fresh(line);
      const after = weighLine(line, before, weighing(window(candidate, stable)));
      const learnt =
        stable === silent
          ? before.forecasts
          : before.forecasts.map((one) => learnRate(one, arms.stable));
      expect(after).toEqual({
        ...before,
        starts: after.starts,
        forecasts: learnt,
        gateForecast: learnt[0],
      });
      expect(after.starts).not.toEqual(before.starts);
      expect(after.starts).not.toEqual(starts);
    }
  });

  test('needs no stable arm for a limit, and counts none where nobody counts it', () => {
    const alone = window(seen.candidate, { requests: 0 });
    const after = weighLine(limit, fresh(limit), weighing(alone, { hasStable: false }));
    expect(after.total).toEqual({ ...arms, stable: { observations: 0, bad: 0 } });
    expect(after.windowsInStep).toBe(1);
  });

  test('lets a line against stable rest where stable has no arm, and learns no stragglers', () => {
    const before = fresh();
    const after = weighLine(versus, before, weighing(seen, { hasStable: false }));
    expect(after).toEqual({ ...before, starts: after.starts });
    const guarding = fresh(limit);
    const watched = weighLine(limit, guarding, weighing(seen, { hasStable: false }));
    expect(watched.total).toEqual(arms);
    expect(watched.forecasts).toEqual(guarding.forecasts);
  });
});

describe('what a gate asks', () => {
  test('is the line and what the next share can bear of the budget, but never too much', () => {
    const state = { ...fresh(), riskBudget: 0.005 };
    const rounded = (bound: { rho: number; delta: number }) => ({
      ...bound,
      delta: Number(bound.delta.toFixed(9)),
    });
    expect(rounded(gateBound(versus, state, 0.05))).toEqual({ rho: 1, delta: 0.1 });
    expect(rounded(gateBound(versus, state, 1))).toEqual({ rho: 1, delta: 0.005 });
    expect(rounded(gateBound(versus, state, 1, 0.02))).toEqual({ rho: 1, delta: 0.02 });
    expect(rounded(gateBound(versus, state, 0.01))).toEqual({ rho: 1, delta: 0.25 });
    expect(rounded(gateBound(limit, state, 0.5))).toEqual({ rho: 0, delta: 0.06 });
    const lenient = only({ name: 'error_rate', limit: 0.9 });
    expect(rounded(gateBound(lenient, state, 0.01))).toEqual({ rho: 0, delta: 0.99 });
  });

  test('of an average is its limit as a part of the cap', () => {
    const average = only({ name: 'latency_avg_ms', limit: 200 });
    const { view } = openLine(average, []);
    expect(boundOf(average, view)).toEqual({ rho: 0, delta: 0.1 });
    const relative = only({ name: 'latency_avg_ms', versusStable: { margin: 0.02 } });
    expect(boundOf(relative, null)).toEqual({ rho: 1, delta: 0.02 });
  });
});

describe('a line on a histogram', () => {
  const bounds = [100, 200, 400, 800];
  const latency = (...counts: number[]): Counts => ({
    requests: counts.reduce((sum, count) => sum + count, 0),
    errors: 0,
    latency_ms: { bounds, counts },
  });
  const usual = latency(500, 300, 100, 90, 10);

  test('may not judge the window from which it learns how to look', () => {
    for (const guard of [
      { name: 'latency_avg_ms', versusStable: { margin: 0 } },
      { name: 'latency_p95_ms', versusStable: { margin: 0 } },
    ] as const) {
      const line = only(guard);
      const first = weighLine(
        line,
        openLine(line, []),
        weighing(window(latency(0, 0, 0, 0, 100), usual)),
      );
      expect(first.view).not.toBeNull();
      expect(first.windowsInStep).toBe(0);
      expect(first.starts).toHaveLength(first.view?.bounds.length ?? 0);
      expect(first.forecasts).toHaveLength(first.view?.bounds.length ?? 0);
      const second = weighLine(line, first, weighing(window(latency(0, 0, 0, 0, 100), usual)));
      expect(second.windowsInStep).toBe(1);
    }
  });

  test('and waits on while stable shows none', () => {
    const line = only({ name: 'latency_avg_ms', versusStable: { margin: 0 } });
    const waiting = weighLine(line, openLine(line, []), weighing(seen));
    expect(waiting).toMatchObject({
      view: null,
      windowsInStep: 0,
      forecasts: [{ observations: 1 }],
    });
  });

  test('looks at each of its bounds by what stable showed there', () => {
    const line = only({ name: 'latency_p95_ms', versusStable: { margin: 0 } });
    const before = openLine(line, [usual]);
    expect(before.view?.bounds).toEqual([100, 400, 800]);
    const slow = window(latency(10, 10, 10, 10, 10), usual);
    const after = weighLine(line, before, weighing(slow));
    const tallied = [
      [40, 500],
      [20, 100],
      [10, 10],
    ] as const;
    tallied.forEach(([bad, others], index) => {
      const forecast = before.forecasts[index];
      if (!forecast) throw new Error('A bound without a forecast.');
      const arms = {
        candidate: { observations: 50, bad },
        stable: { observations: 1_000, bad: others },
      };
      const started = startAfresh(noStarts(RATE_RATIOS), RATE_RATIOS, 0.6);
      const stableRate = forecastRate(forecast);
      expect(after.starts[index]).toEqual(
        weighRates(started, { bound: line.bound, arms, stableRate, temper: 1 }),
      );
      expect(after.forecasts[index]).toEqual(learnRate(forecast, arms.stable));
    });
    expect(after.total.candidate).toEqual({ observations: 50, bad: 10 });
  });

  test('counts a bucket that its limit cuts in two for the candidate, and in the gate against it', () => {
    const line = only({ name: 'latency_p95_ms', limit: 300 });
    const between = window(latency(0, 0, 100, 0, 0), latency(0, 0, 1_000, 0, 0));
    const before = openLine(line, [latency(900, 90, 0, 10, 0)]);
    const after = weighLine(line, before, weighing(between));
    expect(after.total).toEqual({
      candidate: { observations: 100, bad: 0 },
      stable: { observations: 1_000, bad: 1_000 },
    });
    expect(logGate(after.gates)).toBeLessThan(0);
    expect(after.gateForecast).toEqual(
      learnRate(before.gateForecast, { observations: 1_000, bad: 0 }),
    );
  });

  test('weighs averages so that rounding to buckets helps neither side', () => {
    const line = only({ name: 'latency_avg_ms', limit: 300 });
    const exactly = openLine(line, [usual]);
    const weighed = (...counts: number[]) =>
      weighLine(line, exactly, weighing(window(latency(...counts), usual), { nextShare: 1 }));
    // From 200 to 400 ms: at its best within the limit, at its worst over it.
    const cut = weighed(0, 0, 200, 0, 0);
    expect(Math.max(...(cut.starts[0] ?? []))).toBeLessThan(0);
    expect(logGate(cut.gates)).toBeLessThan(0);
    expect(cut.total.candidate).toEqual({ observations: 200, bad: (200 * 300) / 1_000 });
    const slow = weighed(0, 0, 0, 200, 0);
    expect(Math.max(...(slow.starts[0] ?? []))).toBeGreaterThan(3);
    const fast = weighed(200, 0, 0, 0, 0);
    expect(logGate(fast.gates)).toBeGreaterThan(3);
    const resting = weighLine(
      line,
      exactly,
      weighing(window(latency(200, 0, 0, 0, 0), usual), { nextShare: undefined }),
    );
    expect(resting.gates).toEqual([0, 0]);
    expect(resting.starts).toEqual(fast.starts);
  });

  test('bets on nothing where the limit of an average is too small to reckon with', () => {
    const line = only({ name: 'latency_avg_ms', limit: 1e-8 });
    const before = openLine(line, [usual]);
    const { starts, windowsInStep } = weighLine(line, before, weighing(window(usual, usual)));
    expect(starts).toEqual([startAfresh(noStarts(VALUE_RATIOS), VALUE_RATIOS, 0.6)]);
    expect(windowsInStep).toBe(1);
  });

  test('bets on nothing where an average has no room below its line', () => {
    const line = only({ name: 'latency_avg_ms', versusStable: { margin: 0 } });
    const view = { bounds: [0], gateBound: 0, cap: 400 };
    const full = latency(0, 0, 0, 1_000, 0);
    const before = { ...openLine(line, []), view };
    const learnt = [full, full, full].reduce<LineState>(
      (state) => weighLine(line, state, weighing(window(latency(0, 0, 0, 10, 0), full))),
      before,
    );
    const crowded = weighLine(
      line,
      { ...learnt, gates: [0, 0] },
      weighing(window(latency(0, 0, 0, 200, 0), full), { nextShare: 0.01 }),
    );
    expect(crowded.gates[1]).toBe(0);
  });
});

describe('the words of a stop', () => {
  const asked = plan({ guards: [{ name: 'error_rate', versusStable: { margin: 0 } }] });
  const healthy = { candidate: [10, 0], stable: [990, 10] } as const;
  const broken = { candidate: [10, 5], stable: [990, 10] } as const;

  test('tell what was counted since the evidence last began to grow, not the old merits', () => {
    const story = given(asked).at(1).seesOften(40, healthy).seesOften(2, broken);
    story.says('stop', 'error_spike');
    expect(story.words()).toContain('In 2 minutes 2.4.0 failed 10 of 20 requests (50.0 %)');
    expect(story.verdict().figures.lines[0]).toMatchObject({
      candidate: { observations: 420, bad: 10 },
      rise: { candidate: { observations: 20, bad: 10 }, overMs: 2 * MINUTE_MS },
    });
  });

  test('are about nothing that rises while the candidate is well', () => {
    const story = given(asked).at(1).seesOften(2, broken).seesOften(200, healthy);
    expect(story.verdict().figures.lines[0]).not.toHaveProperty('rise');
  });
});
