/** Tells the policy a story in polls, the way a source of metrics does: by running totals. */
import { expect } from 'vitest';
import type { Counts, Reading } from '#domain/evidence.ts';
import type { Plan } from '#domain/plan.ts';
import { addCounts, NOTHING_COUNTED } from '#domain/policy/counting.ts';
import { type EvidenceState, enterStep, openEvidence } from '#domain/policy/evidence-state.ts';
import { type Judged, judge } from '#domain/policy/judge.ts';
import { type Policy, policyOf } from '#domain/policy/policy.ts';
import { asInstant, HOUR_MS, type Instant, later, MINUTE_MS } from '#domain/time.ts';
import type { Verdict } from '#domain/verdict.ts';
import { aPlan } from '#test/support/builders.ts';

/** Requests and errors. */
export type Pair = readonly [requests: number, errors: number];
export type Seen = { readonly candidate: Pair | Counts; readonly stable: Pair | Counts };

export const NOON = asInstant(Date.UTC(2026, 10, 20, 12));

const LADDER = [1, 5, 10, 25, 50, 100];

/** The usual ladder, compared with stable; the budget is what stable's own rate allows. */
export function plan(changes: Partial<Plan> = {}): Plan {
  const { riskBudget: _, ...boring } = aPlan();
  return {
    ...boring,
    steps: LADDER.map((weightPercent) => ({ weightPercent, dwellMs: HOUR_MS, approval: false })),
    unattendedFull: true,
    guards: [{ name: 'error_rate', limit: 0.05, versusStable: { margin: 0 } }],
    ...changes,
  };
}

export const counts = (seen: Pair | Counts): Counts =>
  isPair(seen) ? { requests: seen[0], errors: seen[1] } : seen;

const isPair = (seen: Pair | Counts): seen is Pair => Array.isArray(seen);

type Standing = {
  readonly step: number;
  readonly weightPercent: number;
  readonly nextWeightPercent?: number;
  readonly dwellOver: boolean;
  readonly mode: 'step' | 'watch';
};

/** A release under observation; every `sees` is one poll a minute after the last. */
export function given(asked: Plan, history: readonly Counts[] = [], earlier?: EvidenceState) {
  const policy = policyOf(asked);
  return tellStory(policy, openEvidence(policy, history, earlier));
}

export function tellStory(policy: Policy, opened: EvidenceState) {
  let state = opened;
  let now: Instant = NOON;
  let totals = { candidate: NOTHING_COUNTED, stable: NOTHING_COUNTED };
  let standing: Standing = { step: 0, weightPercent: 1, dwellOver: true, mode: 'step' };
  let last: Judged | undefined;

  const read = (reading: Reading): Judged => {
    last = judge(policy, state, {
      at: now,
      candidate: '2.4.0',
      stable: '2.3.3',
      ...standing,
      reading,
    });
    // What is stored and read back must be what was decided on.
    state = JSON.parse(JSON.stringify(last.state));
    expect(state).toEqual(last.state);
    return last;
  };
  const reading = (): Reading => ({ says: 'counted', at: now, ...totals });
  const verdict = (): Verdict => {
    expect(last).toBeDefined();
    return (last as Judged).verdict;
  };

  const story = {
    at(weightPercent: number, changes: Partial<Standing> = {}) {
      const step = changes.step ?? standing.step;
      const above = LADDER.find((rung) => rung > weightPercent) ?? 100;
      standing = { ...standing, nextWeightPercent: above, ...changes, step, weightPercent };
      if (state.step !== null && state.step !== step) state = enterStep(state, step);
      // After a cut, the next reading only begins the count.
      if (state.readAt === now && !state.baseline) now = later(now, MINUTE_MS);
      if (!state.baseline) read(reading());
      return story;
    },
    sees(seen: Seen, gauges?: Record<string, number>) {
      now = later(now, MINUTE_MS);
      totals = {
        candidate: addCounts(totals.candidate, counts(seen.candidate)),
        stable: addCounts(totals.stable, counts(seen.stable)),
      };
      read({ ...reading(), ...(gauges && { gauges }) } as Reading);
      return story;
    },
    hears(given: Reading, afterMs = MINUTE_MS) {
      now = later(now, afterMs);
      read(given);
      return story;
    },
    /** The same poll, seen so many times. */
    seesOften(times: number, seen: Seen) {
      for (let poll = 0; poll < times; poll += 1) story.sees(seen);
      return story;
    },
    again() {
      read(reading());
      return story;
    },
    says(says: Verdict['says'], reason: Verdict['reason']) {
      expect({ says: verdict().says, reason: verdict().reason, words: words() }).toMatchObject({
        says,
        reason,
      });
      return story;
    },
    verdict,
    words: () => words(),
    state: () => state,
    reading,
    now: () => now,
    closed: () => last?.closed,
  };
  const words = () => verdict().words;
  return story;
}
