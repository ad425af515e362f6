import { describe, expect, test } from 'vitest';
import type { Counts } from '#domain/evidence.ts';
import type { Guard } from '#domain/guard.ts';
import {
  alignEvidence,
  cutForRecovery,
  type EvidenceState,
  enterStep,
  openEvidence,
} from '#domain/policy/evidence-state.ts';
import type { LineState } from '#domain/policy/line-state.ts';
import { policyOf } from '#domain/policy/policy.ts';
import { learnRate, unknownRate } from '#domain/statistics/forecast.ts';
import { given, plan } from '#test/support/evidence.ts';

const VERSUS: Guard = { name: 'error_rate', versusStable: { margin: 0 } };
const LIMIT: Guard = { name: 'error_rate', limit: 0.05 };
const guarded = (...guards: Guard[]) => plan({ guards });
const opened = (guard: Guard, history: readonly Counts[] = [], earlier?: EvidenceState) =>
  openEvidence(policyOf(guarded(guard)), history, earlier);
const only = ({ lines }: EvidenceState): LineState => {
  expect(lines).toHaveLength(1);
  return lines[0] as LineState;
};
const stable = (requests: number, errors: number): Counts => ({ requests, errors });
const bounds = [100, 200, 400];
const _latency = (...counts: number[]): Counts => ({
  requests: counts.reduce((sum, count) => sum + count, 0),
  latency_ms: { bounds, counts },
});
const healthy = { candidate: [10, 0], stable: [990, 10] } as const;
const spoilt = { candidate: [10, 2], stable: [990, 10] } as const;

describe('evidence of a first try', () => {
  test('knows nothing yet', () => {
    expect(opened(VERSUS)).toMatchObject({
      method: 1,
      step: null,
      readAt: null,
      baseline: null,
      open: null,
      starts: { polls: 0, spent: 0, pending: 0, stepIsNew: false },
      traffic: { requests: 0, polls: 0 },
      silence: { candidate: 0, stable: 0 },
      windows: 0,
      stopped: null,
    });
    expect(only(opened(VERSUS))).toMatchObject({
      temper: 1,
      riskBudget: 0.005,
      forecasts: [unknownRate],
      gateForecast: unknownRate,
      windowsInStep: 0,
      rise: { overMs: 0, log: 0 },
    });
  });

  test('learns stable’s rate and how much is usual from its past, oldest first', () => {
    const past = [stable(1_000, 40), stable(100, 0), stable(50, 5)];
    const state = opened(VERSUS, past);
    const learnt = [
      { observations: 1_000, bad: 40 },
      { observations: 100, bad: 0 },
      { observations: 50, bad: 5 },
    ].reduce(learnRate, unknownRate);
    expect(only(state)).toMatchObject({
      forecasts: [learnt],
      gateForecast: learnt,
      stepForecast: learnt,
    });
    expect(state.traffic).toEqual({ requests: 1_150, polls: 3 });
  });

  test('lets the service become worse by half of stable’s rate, within bounds', () => {
    const budget = (errors: number) => only(opened(VERSUS, [stable(1e9, errors)])).riskBudget;
    expect(budget(1e7)).toBeCloseTo(0.005, 6);
    expect(budget(3e8)).toBe(0.01);
    expect(budget(10)).toBe(0.0005);
  });

  test('gathers thin windows of the past until they say enough', () => {
    const thin = [stable(12, 0), stable(8, 1), stable(19, 0), stable(1, 1), stable(19, 3)];
    const learnt = [
      { observations: 20, bad: 1 },
      { observations: 20, bad: 1 },
    ].reduce(learnRate, unknownRate);
    expect(only(opened(VERSUS, thin)).forecasts).toEqual([learnt]);
  });
});

describe('a candidate that is tried again', () => {
  const first = given(guarded(VERSUS), [stable(1_000, 10)])
    .at(1)
    .seesOften(3, spoilt);

  test('keeps what speaks against it, and what stable was like', () => {
    const earlier = only(first.state());
    const again = opened(VERSUS, [], first.state());
    expect(only(again)).toMatchObject({
      starts: earlier.starts,
      forecasts: earlier.forecasts,
      total: earlier.total,
      inStep: { candidate: { observations: 0 }, stable: { observations: 0 } },
      rise: { overMs: 0, log: 0 },
    });
    expect(earlier.rise.log).toBeGreaterThan(0);
    const { windows, overMs, starts } = first.state();
    expect(again).toMatchObject({ windows, overMs, starts: { ...starts, pending: 0 } });
    expect(again).toMatchObject({ step: null, baseline: null, windowsInStep: 0, inStepMs: 0 });
  });

  test('learns stable anew where its past is known', () => {
    const past = [stable(500, 1)];
    const again = only(opened(VERSUS, past, first.state()));
    expect(again.forecasts).toEqual(only(opened(VERSUS, past)).forecasts);
    expect(again.starts).toEqual(only(first.state()).starts);
  });

  test('keeps how far clusters are tempered while the new past is too short to say', () => {
    const clustered = [stable(100, 0), stable(100, 30), stable(100, 0)];
    const tempered = opened(VERSUS, clustered);
    const again = (past: readonly Counts[]) => only(opened(VERSUS, past, tempered)).temper;
    expect(again([])).toBe(only(tempered).temper);
    expect(again([stable(500, 1)])).toBe(only(tempered).temper);
    expect(again([1, 2, 3].map(() => stable(500, 1)))).toBe(1);
  });

  test('stays stopped', () => {
    const stopped = given(guarded(VERSUS))
      .at(1)
      .seesOften(3, { candidate: [10, 5], stable: [990, 10] });
    stopped.says('stop', 'error_spike');
    expect(opened(VERSUS, [], stopped.state()).stopped).toEqual(stopped.state().stopped);
  });

  test('begins anew on a line that was not asked before', () => {
    const [limit, versus] = openEvidence(policyOf(guarded(LIMIT, VERSUS)), [], first.state()).lines;
    expect(limit).toEqual(only(opened(LIMIT)));
    expect(versus?.total).toEqual(only(first.state()).total);
  });
});

describe('a change of step', () => {
  const story = given(guarded(VERSUS)).at(1).sees(healthy).sees(healthy);

  test('cuts the window, and begins with the gates and the split anew', () => {
    const next = enterStep(
      { ...story.state(), silence: { candidate: 4, stable: 2 }, inStepMs: 5 },
      1,
    );
    expect(next).toMatchObject({
      step: 1,
      baseline: null,
      open: null,
      windows: 2,
      windowsInStep: 0,
      inStepMs: 0,
      silence: { candidate: 0, stable: 0 },
      shares: [0, 0, 0, 0],
    });
    expect('drawn' in next).toBe(false);
    expect(only(next)).toMatchObject({
      gates: [0, 0],
      windowsInStep: 0,
      stepForecast: only(story.state()).gateForecast,
      total: only(story.state()).total,
      inStep: { candidate: { observations: 0 }, stable: { observations: 0 } },
    });
  });

  test('is new only where there was a step before, and until the next poll', () => {
    const isNew = (state: EvidenceState, step: number) => enterStep(state, step).starts.stepIsNew;
    expect(isNew(opened(VERSUS), 0)).toBe(false);
    expect(isNew(story.state(), 0)).toBe(false);
    expect(isNew(story.state(), 1)).toBe(true);
    expect(isNew(enterStep(story.state(), 1), 1)).toBe(true);
    const polled = given(guarded(VERSUS)).at(1).sees(healthy).at(5, { step: 1 });
    expect(polled.state().starts.stepIsNew).toBe(true);
    expect(polled.sees(healthy).state().starts.stepIsNew).toBe(false);
  });
});

test('when traffic goes elsewhere, what was counted says nothing about the recovery', () => {
  const state = {
    ...given(guarded(VERSUS))
      .at(10)
      .sees({ candidate: [0, 0], stable: [5, 0] })
      .state(),
    recovery: { stable: { observations: 40, bad: 0 } },
  };
  expect(state.open).not.toBeNull();
  const cut = cutForRecovery(state);
  expect(cut).toEqual({ ...state, baseline: null, open: null, recovery: {} });
});

describe('after an upgrade that words guards differently', () => {
  const state = given(guarded(LIMIT, VERSUS)).at(1).seesOften(3, spoilt).state();
  const [limit, versus] = state.lines;
  const aligned = (...guards: Guard[]) => alignEvidence(policyOf(guarded(...guards)), state);

  test('nothing changes where they mean the same', () => {
    expect(aligned(LIMIT, VERSUS)).toBe(state);
  });

  test.each([
    ['in another order', [VERSUS, LIMIT], [versus, limit]],
    ['one less', [LIMIT], [limit]],
    ['one that is new', [LIMIT, { ...VERSUS, versusStable: { margin: 0.01 } }], [limit, 'new']],
    [
      'one more',
      [LIMIT, VERSUS, { name: 'tool_failure_rate', limit: 0.1 }],
      [limit, versus, 'new'],
    ],
  ] as const)('each line finds its evidence again: %s', (_, guards, expected) => {
    const { lines, ...rest } = aligned(...guards);
    expect(lines.map((line) => (line.total.candidate.observations > 0 ? line : 'new'))).toEqual(
      expected,
    );
    expect(rest).toEqual({ ...state, lines: undefined });
  });

  test('a line that is new is opened as for a first try', () => {
    const tools: Guard = { name: 'tool_failure_rate', limit: 0.1 };
    expect(aligned(tools).lines).toEqual([only(opened(tools))]);
  });
});
