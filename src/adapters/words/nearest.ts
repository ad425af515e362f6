/** The known word that was probably meant, or undefined when none is near. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const word = typed.toLowerCase();
  let best: { readonly one: string; readonly slips: number } | undefined;
  for (const one of known) {
    const slips = slipsBetween(word, one.toLowerCase());
    // A third of a word may be wrong; beyond that it is more likely another word.
    const isNear = slips <= Math.max(1, Math.floor(Math.min(word.length, one.length) / 3));
    const isBeginning = word.length >= 3 && one.toLowerCase().startsWith(word);
    if ((isNear || isBeginning) && slips < (best?.slips ?? Number.POSITIVE_INFINITY))
      best = { one, slips };
  }
  return best?.one;
}

const LENGTH_MAX = 64;

/** Letters typed wrong, left out, added or swapped with their neighbour. */
export function slipsBetween(one: string, other: string): number {
  const [a, b] = [one.slice(0, LENGTH_MAX), other.slice(0, LENGTH_MAX)];
  const cost = (row: readonly number[] | undefined, at: number) =>
    row?.[at] ?? Number.POSITIVE_INFINITY;
  let before: readonly number[] | undefined;
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const wrong = a[i - 1] === b[j - 1] ? 0 : 1;
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(
        Math.min(
          cost(row, j) + 1,
          cost(next, j - 1) + 1,
          cost(row, j - 1) + wrong,
          isSwap ? cost(before, j - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    before = row;
    row = next;
  }
  return cost(row, b.length);
}
