/** All the chance there is in a simulated world, from one seed. */
import { dice } from '#test/bench/policy/dice.ts';

export type Chance = ReturnType<typeof createChance>;

export function createChance(seed: number) {
  const roll = dice(seed);
  const upTo = (most: number) => roll() * most;
  return {
    /** Does it happen this time? */
    is: (share: number) => roll() < share,
    upTo,
    between: (least: number, most: number) => least + upTo(most - least),
    whole: (below: number) => Math.floor(upTo(below)),
    oneOf: <One>(first: One, ...others: readonly One[]): One =>
      [first, ...others][Math.floor(upTo(others.length + 1))] ?? first,
  };
}
