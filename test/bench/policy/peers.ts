/**
 * Rules of other release tools, written anew from their published behaviour. They run beside the
 * policy in the benchmark and nowhere else. A poll fails when the candidate's rate is above 5 %.
 */
import type { Tally } from '#domain/statistics/bet.ts';
import { binomial, dice } from '#test/bench/policy/dice.ts';
import { hodgesLehmann } from '#test/bench/policy/mann-whitney.ts';
import type { Rule, Watch } from '#test/bench/policy/rule.ts';
import type { Minute } from '#test/bench/policy/world.ts';

const LIMIT = 0.05;
const NONE: Tally = { observations: 0, bad: 0 };

const rate = ({ bad, observations }: Tally) => (observations > 0 ? bad / observations : 0);
const add = (a: Tally, b: Tally): Tally => ({
  observations: a.observations + b.observations,
  bad: a.bad + b.bad,
});
const isFailed = ({ candidate }: Minute) => rate(candidate) > LIMIT;

/** A rule that needs nothing but the minutes it has seen. */
const rule = (name: string, watch: () => Watch): Rule => ({ name, watch });

export const fixedThreshold = rule('rate above 5 % in one poll', () => isFailed);

export const withMinimum = rule(
  'same, at least 20 requests in the poll',
  () => (minute) => minute.candidate.observations >= 20 && isFailed(minute),
);

export const overHundred = rule('same, over the last 100 requests or more', () => {
  const seen: Tally[] = [];
  return ({ candidate }) => {
    seen.push(candidate);
    let last = NONE;
    for (let i = seen.length - 1; i >= 0 && last.observations < 100; i -= 1)
      last = add(last, seen[i] ?? NONE);
    return last.observations >= 100 && rate(last) > LIMIT;
  };
});

export const threeInARow = rule('three polls in a row above 5 %', () => {
  let row = 0;
  return (minute) => {
    row = isFailed(minute) ? row + 1 : 0;
    return row >= 3;
  };
});

/** Failures are counted over the whole analysis, and one more than the limit ends it. */
const failedInTotal = (name: string, most: number) =>
  rule(name, () => {
    let failed = 0;
    return (minute) => {
      if (isFailed(minute)) failed += 1;
      return failed >= most;
    };
  });

export const failureLimit = failedInTotal('more than 3 failed polls (Argo failureLimit 3)', 4);
export const flaggerCounter = failedInTotal('counter of 5 failed polls, never reset (Flagger)', 5);

export const ratioToStable = rule('above 1.2 x stable over five minutes', () => {
  const seen: Minute[] = [];
  return (minute) => {
    seen.push(minute);
    const last = seen.slice(-5);
    const own = last.map(({ candidate }) => candidate).reduce(add, NONE);
    const others = last.map(({ stable }) => stable).reduce(add, NONE);
    return own.bad > 0 && rate(own) > 1.2 * rate(others);
  };
});

/** Compares the two series of rates a minute; worse by more than a quarter of the shift is high. */
const mannWhitney = (name: string, isAsked: (minute: Minute) => boolean) =>
  rule(name, () => {
    let own: number[] = [];
    let others: number[] = [];
    let step = 0;
    return (minute) => {
      // The judge looks at one stage of the pipeline at a time.
      if (minute.step !== step) [own, others, step] = [[], [], minute.step];
      own.push(rate(minute.candidate));
      others.push(rate(minute.stable));
      if (!isAsked(minute) || own.length < 2) return false;
      const { lower, estimate } = hodgesLehmann(own, others);
      return lower > 0.25 * Math.abs(estimate);
    };
  });

export const kayenta = mannWhitney('Mann-Whitney judge, 98 % (Kayenta)', () => true);
export const kayentaPerStep = mannWhitney(
  'same, once at the end of each step',
  ({ isLastOfStep }) => isLastOfStep,
);

const zScore = (name: string, of: (minute: Minute) => Tally): Rule => ({
  name,
  watch: ({ history }) => {
    const rates = history.map(rate);
    const mean = rates.reduce((sum, one) => sum + one, 0) / rates.length;
    const squares = rates.reduce((sum, one) => sum + (one - mean) ** 2, 0);
    const deviation = Math.sqrt(squares / (rates.length - 1));
    return (minute) => rate(of(minute)) - mean > 3 * deviation;
  },
});

export const zOfService = zScore('z above 3, whole service against 3 h', (minute) =>
  add(minute.candidate, minute.stable),
);
export const zOfCandidate = zScore(
  'z above 3, candidate against 3 h',
  ({ candidate }) => candidate,
);

export const twoProportions = rule('two-proportion test at 5 % on every poll', () => {
  let [own, others] = [NONE, NONE];
  return ({ candidate, stable }) => {
    own = add(own, candidate);
    others = add(others, stable);
    const pooled = rate(add(own, others));
    const deviation = Math.sqrt(
      pooled * (1 - pooled) * (1 / Math.max(1, own.observations) + 1 / others.observations),
    );
    return rate(own) - rate(others) > 1.96 * deviation;
  };
});

/** The larger arm is thinned to the size of the smaller, as in an experiment with equal arms. */
export const confidenceSequence = rule('asymptotic confidence sequence, equal arms, 1 %', () => {
  const roll = dice(20_261_120);
  const alpha = 0.01;
  const rho = Math.sqrt((-2 * Math.log(alpha) + Math.log(-2 * Math.log(alpha) + 1)) / 5_000);
  let [own, others] = [NONE, NONE];
  return ({ candidate, stable }) => {
    const observations = Math.min(candidate.observations, stable.observations);
    const thinned = (arm: Tally): Tally =>
      arm.observations === observations
        ? arm
        : { observations, bad: binomial(observations, rate(arm), roll) };
    own = add(own, thinned(candidate));
    others = add(others, thinned(stable));
    const n = own.observations + others.observations;
    if (n === 0) return false;
    const scatter = (one: Tally) => (rate(one) * (1 - rate(one))) / one.observations;
    const variance = n * (scatter(own) + scatter(others));
    const grown = n * rho * rho + 1;
    const radius = Math.sqrt(
      ((variance * 2 * grown) / (n * n * rho * rho)) * Math.log(Math.sqrt(grown) / alpha),
    );
    return rate(own) - rate(others) > radius;
  };
});

/** No rule can know both rates; this is the bound that all others are measured by. */
export const waldThatKnows = (base: number, ratio: number) =>
  rule("Wald's test that knows both rates (a bound)", () => {
    let log = 0;
    return ({ candidate: { bad, observations } }) => {
      log += bad * Math.log(ratio);
      log += (observations - bad) * Math.log((1 - ratio * base) / (1 - base));
      return log >= Math.log(100);
    };
  });

export const PEERS: readonly Rule[] = [
  fixedThreshold,
  withMinimum,
  overHundred,
  threeInARow,
  failureLimit,
  flaggerCounter,
  ratioToStable,
  kayenta,
  kayentaPerStep,
  zOfService,
  zOfCandidate,
  twoProportions,
  confidenceSequence,
];
