import { createHash } from 'node:crypto';
import type { Mutant } from '#test/mutation/plant.ts';

/** So many mutants of a file by lot; the same seed draws the same ones from the same code. */
export function drawMutants(
  mutants: readonly Mutant[],
  count: number,
  seed: number,
): readonly Mutant[] {
  if (mutants.length <= count) return mutants;
  const lotOf = ({ id }: Mutant) => createHash('sha256').update(`${seed} ${id}`).digest('hex');
  return mutants
    .map((mutant) => ({ mutant, lot: lotOf(mutant) }))
    .toSorted((one, other) => (one.lot < other.lot ? -1 : 1))
    .slice(0, count)
    .map(({ mutant }) => mutant);
}
