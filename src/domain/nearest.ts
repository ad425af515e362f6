import { itemAt } from '#domain/item-at.ts';

/** Letters that may be wrong, missing or too many: one in four, so that short words need care. */
const slipsAllowed = (word: string) => Math.max(1, Math.floor(word.length / 4));

/** The known word that was probably meant; undefined when none is near enough to be suggested. */
export function findNearest(word: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let fewest = slipsAllowed(word) + 1;
  for (const candidate of known) {
    const slips = slipsBetween(word.toLowerCase(), candidate.toLowerCase());
    if (slips < fewest) [nearest, fewest] = [candidate, slips];
  }
  return nearest;
}

/** How many letters must be changed, added, left out or swapped with their neighbour. */
export function slipsBetween(one: string, other: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const changed = itemAt(last, column - 1) + (one[row - 1] === other[column - 1] ? 0 : 1);
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      const swapped = isSwapped ? itemAt(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY;
      current.push(
        Math.min(changed, swapped, itemAt(last, column) + 1, itemAt(current, column - 1) + 1),
      );
    }
    [beforeLast, last] = [last, current];
  }
  return itemAt(last, other.length);
}
