import { describe, expect, test } from 'vitest';
import { asInstant, MINUTE_MS } from '#domain/time.ts';
import { given, NOON, plan } from '#test/support/evidence.ts';

const healthy = { candidate: [10, 0], stable: [990, 10] } as const;
const totals = (requests: number, errors: number) => ({ requests, errors });

describe('a reading of running totals', () => {
  test('only begins the count when it is the first', () => {
    const story = given(plan()).at(1);
    story.hears({
      says: 'counted',
      at: asInstant(NOON + MINUTE_MS),
      candidate: totals(5_000, 5_000),
      stable: totals(90_000, 10),
    });
    expect(story.verdict().figures.lines[0]?.candidate).toEqual({
      observations: 5_000,
      bad: 5_000,
    });
  });

  test('given twice changes nothing', () => {
    const story = given(plan()).at(1).seesOften(5, healthy);
    const before = { state: story.state(), verdict: story.verdict() };
    story.again();
    expect({ state: story.state(), verdict: story.verdict() }).toEqual(before);
  });

  test('after a counter began anew counts what the counter shows now', () => {
    const story = given(plan())
      .at(1)
      .sees({ candidate: [100, 2], stable: [900, 9] });
    const read = (minutes: number, candidate: number, stable: number) =>
      story.hears({
        says: 'counted',
        at: asInstant(NOON + minutes * MINUTE_MS),
        candidate: totals(candidate, 0),
        stable: totals(stable, 0),
      });
    read(2, 30, 1_900);
    expect(story.closed()).toMatchObject({
      candidate: { requests: 30 },
      stable: { requests: 1_000 },
    });
  });

  test('never counts more failures than requests', () => {
    const story = given(plan())
      .at(1)
      .sees({ candidate: [10, 12], stable: [990, 10] });
    expect(story.verdict().figures.lines[0]?.candidate).toEqual({ observations: 10, bad: 10 });
  });

  test('that cannot be had holds, and its traffic is counted with the next one', () => {
    const story = given(plan()).at(1).seesOften(40, healthy).says('allow', 'within_limits');
    story.hears({ says: 'unknown', reason: 'timeout', detail: 'after 5 s' });
    story.says('hold', 'no_data');
    expect(story.words()).toBe(
      'Hold: no_data. The metrics cannot be read (timeout: after 5 s). Missing data never means healthy.',
    );
    story.sees(healthy).says('allow', 'within_limits');
    expect(story.closed()).toMatchObject({
      from: NOON + 40 * MINUTE_MS,
      to: NOON + 42 * MINUTE_MS,
    });
  });

  test('after the clock was set back holds, until the clock has caught up', () => {
    const story = given(plan()).at(1).seesOften(40, healthy).says('allow', 'within_limits');
    const early = asInstant(NOON + 10 * MINUTE_MS);
    const [candidate, stable] = [totals(410, 0), totals(40_590, 410)];
    story.hears({ says: 'counted', at: early, candidate, stable }, -30 * MINUTE_MS);
    story.says('hold', 'no_data');
    story.hears({ says: 'unknown', reason: 'timeout', detail: 'after 5 s' });
    story.says('hold', 'no_data');
    story.hears({ says: 'unknown', reason: 'timeout', detail: 'after 5 s' }, 30 * MINUTE_MS);
    story.sees(healthy).says('allow', 'within_limits');
  });

  test('that holds no counts is as unknown as one that cannot be had', () => {
    const story = given(plan()).at(1).seesOften(40, healthy).says('allow', 'within_limits');
    story.hears({
      says: 'counted',
      at: asInstant(NOON + 41 * MINUTE_MS),
      candidate: totals(Number.NaN, 0),
      stable: totals(50_000, 500),
    });
    story.says('hold', 'no_data').sees(healthy).says('allow', 'within_limits');
  });

  test('that is old says nothing about now', () => {
    const story = given(plan()).at(1).seesOften(40, healthy).says('allow', 'within_limits');
    story.hears(story.reading(), 10 * MINUTE_MS).says('hold', 'no_data');
  });
});

describe('a window', () => {
  test('stays open over polls until both arms have something to say', () => {
    const story = given(plan()).at(10, { step: 2 });
    story.sees({ candidate: [0, 0], stable: [12, 0] });
    expect(story.closed()).toBeUndefined();
    story.sees({ candidate: [1, 0], stable: [7, 0] });
    expect(story.closed()).toBeUndefined();
    story.sees({ candidate: [0, 0], stable: [1, 0] });
    expect(story.closed()).toMatchObject({
      from: NOON,
      to: NOON + 3 * MINUTE_MS,
      weightPercent: 10,
      candidate: { requests: 1 },
      stable: { requests: 20 },
    });
  });

  test('is cut at a change of step, and nothing of the change itself is used', () => {
    const story = given(plan())
      .at(1)
      .sees({ candidate: [0, 0], stable: [500, 400] });
    story.at(5, { step: 1 }).sees({ candidate: [50, 0], stable: [950, 9] });
    expect(story.closed()).toMatchObject({ stable: { requests: 950, errors: 9 } });
  });
});

describe('a silent arm', () => {
  test('is merely quiet while chance explains it, and missing from then on', () => {
    const story = given(plan()).at(1).seesOften(40, healthy).says('allow', 'within_limits');
    story.sees({ candidate: [0, 0], stable: [495, 5] }).says('allow', 'within_limits');
    story.sees({ candidate: [0, 0], stable: [495, 5] }).says('hold', 'no_data');
    expect(story.words()).toContain('2.4.0 counts nothing where about 10 requests were to be');
  });

  test('is missing at once when it is stable and the candidate goes on', () => {
    const story = given(plan()).at(1).seesOften(40, healthy);
    story.sees({ candidate: [10, 0], stable: [0, 0] }).says('hold', 'no_data');
  });

  test('is missing when both fall silent where thousands were usual', () => {
    const story = given(plan()).at(1).seesOften(40, healthy);
    story.sees({ candidate: [0, 0], stable: [0, 0] }).says('hold', 'no_data');
  });

  test('is missing when nothing was ever counted', () => {
    const story = given(plan())
      .at(1)
      .sees({ candidate: [0, 0], stable: [0, 0] });
    story.says('hold', 'no_data');
    expect(story.words()).toContain('Neither version has counted a single request.');
  });

  test('is normal for stable at full weight', () => {
    const story = given(plan()).at(100, { step: 5 });
    story.seesOften(5, { candidate: [1_000, 5], stable: [0, 0] }).says('allow', 'within_limits');
  });
});

test('a guard whose counters nobody counts is missing data, not health', () => {
  const guards = [{ name: 'tool_failure_rate', limit: 0.03 }] as const;
  const story = given(plan({ guards })).at(1).seesOften(40, healthy).says('hold', 'no_data');
  expect(story.words()).toContain('tool_failure_rate: nothing counts tool_calls and tool_failures');
});
