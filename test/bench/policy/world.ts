/** The simulated service: what both arms count, minute by minute. */
import type { Arms, Tally } from '#domain/statistics/bet.ts';
import { binomial, type Dice, poisson } from '#test/bench/policy/dice.ts';

export type World = {
  readonly requestsPerMinute: number;
  readonly weights: readonly number[];
  readonly minutesPerStep: number;
  readonly historyMinutes: number;
  /** Stable's rate of bad requests at a minute; negative minutes are history. */
  readonly stableRate: (minute: number) => number;
  readonly candidateRate: (minute: number) => number;
  /** How many bad requests one fault makes. */
  readonly cluster: 'alone' | 'threes' | 'tens' | 'geometric';
};

export type Minute = Arms & {
  readonly minute: number;
  readonly step: number;
  readonly weightPercent: number;
  readonly isLastOfStep: boolean;
};

export type Course = { readonly history: readonly Tally[]; readonly minutes: readonly Minute[] };

const constant = (rate: number) => () => rate;

/** The release of an hour that rules are compared on. */
export const hourly = (base: number, ratio: number, changes: Partial<World> = {}): World => ({
  requestsPerMinute: 1_000,
  weights: [1, 5, 10, 25, 50, 95],
  minutesPerStep: 10,
  historyMinutes: 180,
  stableRate: constant(base),
  candidateRate: constant(Math.min(1, base * ratio)),
  cluster: 'alone',
  ...changes,
});

/** Something hits the service, not the candidate: both arms change together. */
export function shared(rate: (minute: number) => number): World {
  return hourly(0, 1, { stableRate: rate, candidateRate: rate });
}

export const incident = (base: number) =>
  shared((minute) => (minute >= 25 && minute < 35 ? 10 * base : base));
export const drift = (from: number, to: number) =>
  shared((minute) => from + ((to - from) * Math.max(0, minute)) / 60);

export function draw(world: World, roll: Dice): Course {
  const history: Tally[] = [];
  for (let minute = -world.historyMinutes; minute < 0; minute += 1)
    history.push(count(world, world.requestsPerMinute, world.stableRate(minute), roll));
  const minutes = world.weights.flatMap((weightPercent, step) =>
    Array.from({ length: world.minutesPerStep }, (_, index): Minute => {
      const minute = step * world.minutesPerStep + index;
      const own = (world.requestsPerMinute * weightPercent) / 100;
      return {
        minute,
        step,
        weightPercent,
        isLastOfStep: index === world.minutesPerStep - 1,
        candidate: count(world, own, world.candidateRate(minute), roll),
        stable: count(world, world.requestsPerMinute - own, world.stableRate(minute), roll),
      };
    }),
  );
  return { history, minutes };
}

function count({ cluster }: World, mean: number, rate: number, roll: Dice): Tally {
  const observations = poisson(mean, roll);
  if (cluster === 'alone') return { observations, bad: binomial(observations, rate, roll) };
  const faults = poisson((observations * rate) / MEAN_SIZE[cluster], roll);
  let bad = 0;
  for (let fault = 0; fault < faults; fault += 1) bad += size(cluster, roll);
  return { observations, bad: Math.min(bad, observations) };
}

const MEAN_SIZE = { threes: 3, tens: 10, geometric: 3 };

function size(cluster: keyof typeof MEAN_SIZE, roll: Dice): number {
  if (cluster !== 'geometric') return MEAN_SIZE[cluster];
  return 1 + Math.floor(Math.log(1 - roll()) / Math.log1p(-1 / MEAN_SIZE.geometric));
}
