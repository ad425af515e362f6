/** What V8 counted, and what it never saw run. */
export type Range = {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
};
/** Functions of a file with their blocks: each range holds but for those within it. */
export type Counted = { readonly functions: readonly { readonly ranges: readonly Range[] }[] };

export type Unrun = { readonly start: number; readonly end: number };

/** One count says what ran, another one what else did; what no count saw never ran. */
export function unrunIn(counts: readonly Counted[], length: number): readonly Unrun[] {
  const ran = new Uint8Array(length);
  for (const { functions } of counts) {
    const seen = new Uint8Array(length);
    // Whatever lies within another range comes behind it.
    for (const { startOffset, endOffset, count } of functions.flatMap(({ ranges }) => ranges))
      seen.fill(Number(count > 0), startOffset, endOffset);
    for (let at = 0; at < length; at += 1) ran[at] ||= seen[at] ?? 0;
  }
  const unrun: { start: number; end: number }[] = [];
  for (let at = 0; at < length; at += 1) {
    if (ran[at]) continue;
    const last = unrun.at(-1);
    if (last?.end === at) last.end += 1;
    else unrun.push({ start: at, end: at + 1 });
  }
  return unrun;
}

/** As many as there are functions and blocks of their own. */
export const branchesIn = (counts: readonly Counted[]) =>
  new Set(
    counts
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
      .map(({ startOffset, endOffset }) => `${startOffset} ${endOffset}`),
  ).size;
