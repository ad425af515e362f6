import { describe, expect, test } from 'vitest';
import { type Assessment, assess } from '#domain/policy/assess.ts';
import type { EvidenceState } from '#domain/policy/evidence-state.ts';
import { figuresOf } from '#domain/policy/figures.ts';
import { policyOf } from '#domain/policy/policy.ts';
import { LOG_GATE_PASSES } from '#domain/statistics/gate.ts';
import { LOG_SHARE_IS_WRONG } from '#domain/statistics/share-check.ts';
import { MINUTE_MS } from '#domain/time.ts';
import type { LineFigures } from '#domain/verdict.ts';
import { given, plan } from '#test/support/evidence.ts';

const policy = policyOf(plan({ guards: [{ name: 'error_rate', versusStable: { margin: 0 } }] }));
const PLACE = { step: 0, weightPercent: 1, nextWeightPercent: 5, mode: 'step' } as const;
const calm = given(plan({ guards: [{ name: 'error_rate', versusStable: { margin: 0 } }] }))
  .at(1)
  .seesOften(40, { candidate: [10, 0], stable: [990, 10] })
  .state();

/** What is found in the calm state of a healthy candidate, changed in one respect. */
function found(state: Partial<EvidenceState> = {}, at: Partial<Assessment> = {}) {
  const now = { ...calm, ...state };
  const figures = figuresOf(policy, now, PLACE);
  return assess(policy, now, { ...PLACE, dwellOver: true, figures, readingAgoMs: 0, ...at });
}

const NONE = { observations: 0, bad: 0 };
const line = (about: Partial<LineFigures>): LineFigures => ({
  guard: 'error_rate',
  against: 'stable',
  candidate: { observations: 30, bad: 3 },
  stable: NONE,
  inStep: { candidate: NONE, stable: NONE },
  logEvidence: 0,
  ...about,
});
const figures = (logEvidence: number, ...lines: LineFigures[]) => ({
  figures: {
    logEvidence,
    lines,
    leading: lines.length - 1,
    windows: 40,
    windowsInStep: 40,
    overMs: 1,
  },
});

test('a calm candidate is allowed on', () => {
  expect(found()).toEqual({ says: 'allow', reason: 'within_limits' });
});

describe('evidence of the leading line', () => {
  test('stops from 100 to 1 on, and is a suspicion from 10 to 1 on', () => {
    const says = (log: number) => found({}, figures(log, line({}))).reason;
    expect(says(Math.log(100))).toBe('error_spike');
    expect(says(Math.log(99.99))).toBe('suspicion');
    expect(says(Math.log(10))).toBe('suspicion');
    expect(says(Math.log(9.99))).toBe('within_limits');
  });

  test('names the limit where that leads', () => {
    const stop = found({}, figures(9, line({}), line({ against: 'limit' })));
    expect(stop).toEqual({ says: 'stop', reason: 'sla_breach', because: 'evidence' });
  });

  test('waits for the third bad one', () => {
    const told = (bad: number) =>
      found({}, figures(9, line({ candidate: { observations: 30, bad } })));
    expect([2, 3].map((bad) => told(bad).says)).toEqual(['hold', 'stop']);
  });

  test('of an average waits for the third value, since none of them is bad or good', () => {
    const told = (observations: number) =>
      found({}, figures(9, line({ cap: 3_000, candidate: { observations, bad: 0.9 } })));
    expect([2, 3].map((observations) => told(observations).says)).toEqual(['hold', 'stop']);
  });

  test('cannot stop before the first window', () => {
    const { figures: some } = figures(9, line({}), line({}));
    const { leading: _, ...none } = some;
    expect(found({}, { figures: none }).says).toBe('hold');
  });
});

describe('complete failure', () => {
  const failing = (
    requests: number,
    windows: number,
    stable = { requests: 1_000, errors: 10 },
  ) => ({
    failing: { requests, windows, stable },
  });
  const at100 = { weightPercent: 100 };

  test.each([
    ['twenty requests in two windows', failing(20, 2), {}, 'stop'],
    ['nineteen', failing(19, 2), {}, 'allow'],
    ['twenty in one window', failing(20, 1), {}, 'allow'],
    ['without a stable arm', failing(20, 2, { requests: 0, errors: 0 }), at100, 'stop'],
    [
      'while stable does not fail half of its own',
      failing(20, 2, { requests: 1_000, errors: 499 }),
      {},
      'stop',
    ],
    [
      'while stable fails half of its own',
      failing(20, 2, { requests: 1_000, errors: 500 }),
      {},
      'allow',
    ],
    [
      'while stable fails most of its own',
      failing(20, 2, { requests: 1_000, errors: 900 }),
      {},
      'allow',
    ],
    [
      'while stable fails all of its own',
      failing(20, 2, { requests: 1_000, errors: 1_000 }),
      {},
      'hold',
    ],
    [
      'while stable, though it gets traffic, is not heard',
      failing(20, 2, { requests: 0, errors: 0 }),
      {},
      'allow',
    ],
  ] as const)('%s', (_, state, at, says) => {
    expect(found(state, at).says).toBe(says);
  });

  test('of both arms is a suspicion of an incident', () => {
    const both = failing(20, 2, { requests: 30, errors: 30 });
    expect(found(both)).toEqual({ says: 'hold', reason: 'suspicion', because: 'both_failed' });
  });
});

describe('missing data', () => {
  test('is a reading that is older than three polls', () => {
    const ago = (polls: number) => found({}, { readingAgoMs: polls * MINUTE_MS });
    expect(ago(3).says).toBe('allow');
    expect(ago(3.1)).toEqual({ says: 'hold', reason: 'no_data', because: 'stale' });
  });

  test('says everything that is not counted', () => {
    expect(found({ uncounted: ['a: nothing counts x', 'b: nothing counts y'] })).toEqual({
      says: 'hold',
      reason: 'no_data',
      because: 'uncounted',
      what: 'a: nothing counts x; b: nothing counts y',
    });
  });

  test('is a silent arm, and at full weight only that of the candidate', () => {
    const silent = (arm: 'candidate' | 'stable') => ({
      silence: { candidate: 0, stable: 0, [arm]: 50 },
    });
    expect(found(silent('stable'))).toMatchObject({ because: 'silent', arm: 'stable' });
    expect(found(silent('stable'), { weightPercent: 100 }).says).toBe('allow');
    expect(found(silent('candidate'), { weightPercent: 100 })).toMatchObject({ arm: 'candidate' });
  });

  test('is not looked for while only testers have the candidate', () => {
    expect(found({ uncounted: ['a'] }, { weightPercent: 0 }).says).toBe('allow');
    expect(found({}, { weightPercent: 0, dwellOver: false })).toMatchObject({ because: 'dwell' });
  });
});

test('the split is wrong from 1 000 to 1 on', () => {
  const shares = (log: number) => ({ shares: [log, log, log, log] });
  expect(found(shares(LOG_SHARE_IS_WRONG)).reason).toBe('sample_ratio');
  expect(found(shares(LOG_SHARE_IS_WRONG - 1e-9)).reason).toBe('within_limits');
});

describe('a gate', () => {
  const withLine = (about: object) => ({ lines: calm.lines.map((one) => ({ ...one, ...about })) });
  const closed = { says: 'hold', reason: 'not_enough_evidence', because: 'gate', lines: [0] };

  test('stands from 20 to 1 on', () => {
    expect(found(withLine({ gates: [LOG_GATE_PASSES, LOG_GATE_PASSES] })).says).toBe('allow');
    expect(found(withLine({ gates: [LOG_GATE_PASSES - 1e-9, LOG_GATE_PASSES - 1e-9] }))).toEqual(
      closed,
    );
  });

  test('needs three windows that its own line has seen', () => {
    expect(found(withLine({ windowsInStep: 3 })).says).toBe('allow');
    expect(found(withLine({ windowsInStep: 2 }))).toEqual(closed);
  });

  test('needs three windows of the step, or one while the completed release is watched', () => {
    const few = (windowsInStep: number, mode: 'step' | 'watch') =>
      found({ windowsInStep }, { mode, weightPercent: 100 });
    expect(few(3, 'step').says).toBe('allow');
    expect(few(2, 'step')).toMatchObject({ because: 'few_windows', windowsMin: 3 });
    expect(few(1, 'watch').says).toBe('allow');
    expect(few(0, 'watch')).toMatchObject({ because: 'few_windows', windowsMin: 1 });
  });
});
