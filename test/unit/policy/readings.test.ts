import { describe, expect, test } from 'vitest';
import type { Counts, Reading } from '#domain/evidence.ts';
import type { Guard } from '#domain/guard.ts';
import { asInstant, MINUTE_MS } from '#domain/time.ts';
import { given, NOON, plan } from '#test/support/evidence.ts';

const healthy = { candidate: [10, 0], stable: [990, 10] } as const;
const _UNKNOWN = { reason: 'timeout', detail: 'after 5 s' } as const;
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

describe('when a reading comes', () => {
  const unreadable = { says: 'unknown', reason: 'timeout', detail: 'after 5 s' } as const;

  test('one that says nothing is as new as the poll, so the clock goes on', () => {
    const story = given(plan()).at(1).sees(healthy).hears(unreadable);
    expect(story.state().readAt).toBe(story.now());
  });

  test('one that is old counts as of when it was read, so that twice it changes nothing', () => {
    const story = given(plan()).at(1).seesOften(3, healthy);
    const late = { ...story.reading(), at: asInstant(story.now() + MINUTE_MS) };
    const first = story.hears(late, 2 * MINUTE_MS).state();
    expect(first.readAt).toBe(late.at);
    expect(story.hears(late).state()).toEqual(first);
  });

  test('one of the same moment as one that said nothing makes nothing known', () => {
    const story = given(plan()).at(1).seesOften(40, healthy).says('allow', 'within_limits');
    story.hears(unreadable).again().says('hold', 'no_data');
  });

  test('one with a counter that is no count says so', () => {
    const story = given(plan()).at(1).sees(healthy);
    const spoilt = { ...story.reading(), at: asInstant(story.now() + MINUTE_MS) };
    story.hears({ ...spoilt, candidate: totals(-1, 0) } as Reading);
    expect(story.words()).toContain('(not_a_number: a counter is negative or no number)');
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

describe('a guard whose counters nobody counts', () => {
  const VERSUS = { name: 'tool_failure_rate', versusStable: { margin: 0 } } as const;
  const LIMIT = { name: 'tool_failure_rate', limit: 0.03 } as const;
  const tools = (requests: number) => ({
    requests,
    errors: 0,
    tool_calls: requests,
    tool_failures: 0,
  });
  const after = (guard: Guard, weight: number, candidate: Counts, stable: Counts) =>
    given(plan({ guards: [guard] }))
      .at(weight)
      .sees({ candidate, stable })
      .state().uncounted;
  const WHY = ['tool_failure_rate: nothing counts tool_calls and tool_failures'];

  test.each([
    ['of the candidate', LIMIT, 10, totals(10, 0), tools(90), WHY],
    ['of stable, against which it is held', VERSUS, 10, tools(10), totals(90, 0), WHY],
    ['of stable, where its limit needs none', LIMIT, 10, tools(10), totals(90, 0), []],
    ['of stable, which served nothing', VERSUS, 10, tools(10), totals(0, 0), []],
    [
      'of either, where stable has no arm to compare with',
      VERSUS,
      100,
      totals(10, 0),
      totals(90, 0),
      [],
    ],
    ['of a candidate that served nothing yet', LIMIT, 10, { requests: 0 }, tools(90), []],
  ] as const)('%s', (_, guard, weight, candidate, stable, why) => {
    expect(after(guard, weight, candidate, stable)).toEqual(why);
  });

  test('stays uncounted while the candidate is quiet', () => {
    const story = given(plan({ guards: [LIMIT] })).at(10);
    story.sees({ candidate: totals(10, 0), stable: tools(90) });
    expect(story.sees({ candidate: [0, 0], stable: [9, 0] }).state().uncounted).toEqual(WHY);
  });
});

test('a guard whose counters nobody counts is missing data, not health', () => {
  const guards = [{ name: 'tool_failure_rate', limit: 0.03 }] as const;
  const story = given(plan({ guards })).at(1).seesOften(40, healthy).says('hold', 'no_data');
  expect(story.words()).toContain('tool_failure_rate: nothing counts tool_calls and tool_failures');
});
