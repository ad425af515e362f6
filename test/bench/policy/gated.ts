/** A release that enters the next step when it is allowed to, as one without approvals does. */

import { enterStep, openEvidence } from '#domain/policy/evidence-state.ts';
import { judgePoll } from '#domain/policy/judge.ts';
import type { Policy } from '#domain/policy/policy.ts';
import type { Tally } from '#domain/statistics/bet.ts';
import { asInstant, MINUTE_MS } from '#domain/time.ts';
import { binomial, type Dice, poisson } from '#test/bench/policy/dice.ts';
import { countsOf } from '#test/bench/policy/our-rule.ts';

export type GatedWorld = {
  readonly requestsPerPoll: number;
  readonly pollMinutes: number;
  readonly ladder: readonly number[];
  /** The last step lasts at least so many polls. */
  readonly lastStepPolls: number;
  readonly stableRate: number;
  readonly candidateRate: number;
  readonly historyPolls: number;
  /** A release that takes longer is given up. */
  readonly pollsMax: number;
};

export type Ending = {
  readonly what: 'completed' | 'stopped' | 'unfinished';
  readonly minutes: number;
  readonly requests: number;
  readonly bad: number;
  readonly highestPercent: number;
};

const STEP_POLLS_MIN = 3;

export function release(policy: Policy, world: GatedWorld, roll: Dice): Ending {
  const { ladder, requestsPerPoll, pollMinutes, stableRate, candidateRate } = world;
  const count = (mean: number, rate: number): Tally => {
    const observations = poisson(mean, roll);
    return { observations, bad: binomial(observations, rate, roll) };
  };
  const history = Array.from({ length: world.historyPolls }, () =>
    countsOf(count(requestsPerPoll, stableRate)),
  );
  let state = openEvidence(policy, history);
  let [step, inStep, requests, bad] = [0, 0, 0, 0];
  const ending = (what: Ending['what'], polls: number): Ending => ({
    what,
    minutes: polls * pollMinutes,
    requests,
    bad,
    highestPercent: ladder[step] ?? 100,
  });
  for (let poll = 1; poll <= world.pollsMax; poll += 1) {
    const weightPercent = ladder[step] ?? 100;
    const own = count((requestsPerPoll * weightPercent) / 100, candidateRate);
    const others = count((requestsPerPoll * (100 - weightPercent)) / 100, stableRate);
    requests += own.observations;
    bad += own.bad;
    inStep += 1;
    const isLast = step === ladder.length - 1;
    const next = ladder[step + 1];
    const judged = judgePoll(policy, state, {
      at: asInstant(poll * pollMinutes * MINUTE_MS),
      step,
      weightPercent,
      ...(next !== undefined && { nextWeightPercent: next }),
      mode: 'step',
      dwellOver: inStep >= (isLast ? world.lastStepPolls : STEP_POLLS_MIN),
      candidate: '2.4.0',
      stable: '2.3.3',
      poll: {
        from: asInstant((poll - 1) * pollMinutes * MINUTE_MS),
        to: asInstant(poll * pollMinutes * MINUTE_MS),
        candidate: countsOf(own),
        stable: countsOf(others),
      },
    });
    state = judged.state;
    const { verdict } = judged;
    if (verdict.says === 'stop') return ending('stopped', poll);
    if (verdict.says !== 'allow') continue;
    if (isLast) return ending('completed', poll);
    step += 1;
    inStep = 0;
    state = enterStep(state, step);
  }
  return ending('unfinished', world.pollsMax);
}

/** Section 8's world: 1 000 requests a minute, and the last step keeps 5 % on stable. */
export const busy = (stableRate: number, ratio: number): GatedWorld => ({
  requestsPerPoll: 1_000,
  pollMinutes: 1,
  ladder: [1, 5, 10, 25, 50, 95],
  lastStepPolls: 30,
  stableRate,
  candidateRate: stableRate * ratio,
  historyPolls: 180,
  pollsMax: 600,
});

/** 500 requests a day, of which 2 % fail. */
export const thin = (
  ladder: readonly number[],
  ratio: number,
  pollMinutes: number,
): GatedWorld => ({
  requestsPerPoll: (500 * pollMinutes) / (24 * 60),
  pollMinutes,
  ladder,
  lastStepPolls: 3,
  stableRate: 0.02,
  candidateRate: 0.02 * ratio,
  historyPolls: Math.round((3 * 24 * 60) / pollMinutes),
  pollsMax: Math.round((400 * 24 * 60) / pollMinutes),
});
