/** The shift between two samples, by the differences of all pairs, and its 98 % interval. */
const Z_98_PERCENT = 2.3263478740408408;

export type Shift = { readonly estimate: number; readonly lower: number };

export function hodgesLehmann(own: readonly number[], others: readonly number[]): Shift {
  const differences = new Float64Array(own.length * others.length);
  own.forEach((a, row) => {
    others.forEach((b, column) => {
      differences[row * others.length + column] = a - b;
    });
  });
  differences.sort();
  const pairs = differences.length;
  const deviation = Math.sqrt((pairs * (own.length + others.length + 1)) / 12);
  const cut = Math.floor(pairs / 2 - Z_98_PERCENT * deviation);
  return {
    estimate: differences[Math.floor(pairs / 2)] ?? 0,
    // Too few pairs say nothing with 98 %.
    lower: cut < 1 ? Number.NEGATIVE_INFINITY : (differences[cut - 1] ?? 0),
  };
}
