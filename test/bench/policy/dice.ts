/** Seeded chance, so that every number of the benchmark can be drawn again. */
export type Dice = () => number;

/** A small generator with a period of 2^32, seeded by scrambling. */
export function dice(seed: number): Dice {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function normal(roll: Dice): number {
  const radius = Math.sqrt(-2 * Math.log(1 - roll()));
  return radius * Math.cos(2 * Math.PI * roll());
}

/** Exact for small means; rounded from the normal distribution where the difference is lost. */
export function poisson(mean: number, roll: Dice): number {
  if (mean > 400) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(roll)));
  let count = 0;
  let left = mean;
  while (left > 0) {
    // In portions, since e^-mean must not vanish.
    const portion = Math.min(left, 30);
    const floor = Math.exp(-portion);
    for (let product = roll(); product > floor; product *= roll()) count += 1;
    left -= portion;
  }
  return count;
}

/** Counts the gaps between successes, which is fast where they are rare. */
export function binomial(size: number, chance: number, roll: Dice): number {
  if (chance <= 0 || size <= 0) return 0;
  if (chance >= 1) return size;
  if (chance > 0.5) return size - binomial(size, 1 - chance, roll);
  const logMiss = Math.log1p(-chance);
  let successes = 0;
  let position = Math.floor(Math.log(1 - roll()) / logMiss);
  while (position < size) {
    successes += 1;
    position += 1 + Math.floor(Math.log(1 - roll()) / logMiss);
  }
  return successes;
}
