import { describe, expect, test } from 'vitest';
import type { Counts } from '#domain/evidence.ts';
import { type EvidenceState, openEvidence } from '#domain/policy/evidence-state.ts';
import { judgePoll } from '#domain/policy/judge.ts';
import { policyOf } from '#domain/policy/policy.ts';
import { startWeight } from '#domain/statistics/start-weights.ts';
import { asInstant, MINUTE_MS } from '#domain/time.ts';
import { given, NOON, plan, tellStory } from '#test/support/evidence.ts';

const UNKNOWN = { reason: 'timeout', detail: 'after 5 s' } as const;
const totals = (requests: number, errors: number) => ({ requests, errors });
const _healthy = { candidate: [10, 0], stable: [990, 10] } as const;

describe('fresh starts', () => {
  const { starts: weights } = policyOf(plan());
  const spentAfter = (polls: number) =>
    Array.from({ length: polls }, (_, poll) => startWeight(weights, poll, false)).reduce(
      (sum, weight) => sum + weight,
    );

  test('are spent by every poll, and wait for the window that they come before', () => {
    const story = given(plan()).at(10, { step: 2 });
    story.seesOften(2, { candidate: [0, 0], stable: [9, 0] });
    expect(story.state().starts).toMatchObject({ polls: 2, stepIsNew: false });
    expect(story.state().starts.pending).toBeCloseTo(spentAfter(2), 12);
    story.hears({ says: 'unknown', reason: 'timeout', detail: '' });
    expect(story.state().starts.pending).toBeCloseTo(spentAfter(3), 12);
    story.sees({ candidate: [5, 0], stable: [45, 0] });
    expect(story.state().starts).toMatchObject({ polls: 4, pending: 0 });
    expect(story.state().starts.spent).toBeCloseTo(spentAfter(4), 12);
  });

  test('are never worth more than 1 in all, which is what the promise of 1 % rests on', () => {
    const asked = policyOf(plan());
    const opened = openEvidence(asked, []);
    const nearly = { ...opened, starts: { polls: 0, spent: 0.9, pending: 0, stepIsNew: false } };
    const spent = tellStory(asked, nearly)
      .at(10)
      .sees({ candidate: [0, 0], stable: [1, 0] });
    expect(spent.state().starts).toMatchObject({ polls: 1, spent: 1 });
    expect(spent.state().starts.pending).toBeCloseTo(0.1, 12);
  });
});

describe('while only testers have the candidate', () => {
  const counted = (story: ReturnType<typeof given>) =>
    story.state().lines[0]?.forecasts[0]?.observations ?? 0;

  test('stable is learnt in windows of twenty, and nothing is counted for or against', () => {
    const story = given(plan()).at(0);
    story.sees({ candidate: [3, 3], stable: [12, 6] }).sees({ candidate: [0, 0], stable: [7, 0] });
    expect(counted(story)).toBe(50);
    expect(story.state().open).toMatchObject({ from: NOON, stable: { requests: 19, errors: 6 } });
    story.sees({ candidate: [0, 0], stable: [1, 0] });
    expect(counted(story)).toBeCloseTo(50 * 2 ** (-1 / 60) + 20, 9);
    expect(story.state()).toMatchObject({ open: null, windows: 0, starts: { polls: 0 } });
    expect(story.closed()).toBeUndefined();
    expect(story.verdict().figures.lines[0]?.candidate.observations).toBe(0);
  });

  test('a line that learnt how to look learns from the same window', () => {
    const guards = [{ name: 'latency_avg_ms', versusStable: { margin: 0 } }] as const;
    const story = given(plan({ guards })).at(0);
    const latency = (...counts: number[]) => ({
      requests: 40,
      latency_ms: { bounds: [100, 200], counts },
    });
    story.sees({ candidate: { requests: 0 }, stable: latency(30, 10, 0) });
    expect(story.state().lines[0]).toMatchObject({ view: { cap: 1_000 } });
    expect(counted(story)).toBeGreaterThan(40);
  });
});

describe('polls that somebody else told apart', () => {
  const asked = policyOf(plan());
  const poll = (minute: number, candidate: Counts, stable: Counts) => ({
    from: asInstant(NOON + (minute - 1) * MINUTE_MS),
    to: asInstant(NOON + minute * MINUTE_MS),
    candidate,
    stable,
  });
  const take = (
    before: EvidenceState,
    one: ReturnType<typeof poll>,
    about: { step?: number; weightPercent?: number } = {},
  ) =>
    judgePoll(asked, before, {
      ...{ at: one.to, candidate: '2.4.0', stable: '2.3.3', poll: one, dwellOver: true },
      ...{ step: 0, weightPercent: 10, nextWeightPercent: 25, mode: 'step', ...about },
    });
  const first = poll(1, totals(10, 1), totals(90, 2));
  const thin = poll(1, totals(0, 0), totals(15, 2));
  const opened = openEvidence(asked, []);

  test('are judged one by one, the same one given twice or late only once', () => {
    const { state, verdict, closed } = take({ ...opened, unknown: UNKNOWN }, first);
    expect(closed).toEqual({ ...first, weightPercent: 10 });
    expect(state).toMatchObject({ readAt: first.to, windows: 1, unknown: null });
    expect(verdict.figures.lines[0]?.candidate).toEqual({ observations: 10, bad: 1 });
    expect(take(state, first)).toEqual({ state, verdict });
    expect(take(state, poll(0, totals(50, 50), totals(90, 2))).state).toEqual(state);
    expect(take(state, poll(2, totals(10, 0), totals(90, 0))).state.windows).toBe(2);
  });

  test('are not mixed over a change of step, even where nobody cut between', () => {
    const { state } = take(opened, thin);
    expect(state.open).toMatchObject({ stable: { requests: 15 } });
    const next = take(state, poll(2, totals(10, 0), totals(90, 1)), { step: 1 });
    expect(next.closed?.stable).toEqual(totals(90, 1));
    expect(next.state).toMatchObject({ step: 1, windowsInStep: 1 });
    const same = take(state, poll(2, totals(10, 0), totals(90, 1)));
    expect(same.closed?.stable).toEqual(totals(105, 3));
    expect(same.closed?.from).toBe(thin.from);
  });

  test('are not mixed over a change of weight', () => {
    const { state } = take(opened, thin);
    const next = take(state, poll(2, totals(20, 0), totals(80, 1)), { weightPercent: 20 });
    expect(next.closed).toMatchObject({ weightPercent: 20, stable: totals(80, 1) });
  });
});

test('running totals of another weight only begin the count', () => {
  const story = given(plan())
    .at(10, { step: 2 })
    .sees({ candidate: [0, 0], stable: [5, 0] });
  story.at(20, { step: 2 }).sees({ candidate: [20, 0], stable: [80, 0] });
  expect(story.closed()).toBeUndefined();
  story.sees({ candidate: [20, 1], stable: [80, 2] });
  expect(story.closed()).toMatchObject({
    weightPercent: 20,
    candidate: { requests: 20, errors: 1 },
  });
});
