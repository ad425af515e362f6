import type { Mutant } from '#test/mutation/plant.ts';

/** Whole files to each lane, the largest first, each to the lane that has least to do. */
export function divideMutants(
  mutants: readonly Mutant[],
  lanes: number,
): readonly (readonly number[])[] {
  const divided = Array.from({ length: lanes }, (): number[] => []);
  const files = [...Map.groupBy(mutants, ({ file }) => file).values()];
  for (const own of files.toSorted((one, other) => other.length - one.length)) {
    const [idlest] = divided.toSorted((one, other) => one.length - other.length);
    idlest?.push(...own.map(({ id }) => id));
  }
  return divided.filter((ids) => ids.length > 0);
}
