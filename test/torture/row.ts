/** One promise of `npm run torture`: a figure that must hold however unlucky the day is. */

export type Trial = {
  /** Printed with the figure: the same seed draws the same trials again. */
  readonly seed: number;
  /** The share of the trials that the promise asks for; 1 is all of them, for quick looks less. */
  readonly scale: number;
  /** For the rows that go on for a time instead of a number of trials. */
  readonly hours?: number;
  /** True once its time is up: a row that can, ends there and says how much of it was tried. */
  readonly isOver?: () => boolean;
};

export type Row = {
  readonly name: string;
  /** What was tried, how often, and what came out, in one line. */
  readonly figure: string;
  readonly ok: boolean;
  /** What of the promise was not tried, so that it is neither kept nor broken. */
  readonly untried?: string;
};

/** Each row lives in a file of its own, whose `run` is this. */
export type RunRow = (trial: Trial) => Promise<Row>;

/** How many of something a scale leaves; never none, or nothing would be shown. */
export const scaled = (count: number, { scale }: Pick<Trial, 'scale'>) =>
  Math.max(1, Math.round(count * scale));

/** Says so when time was up before all was tried. */
export const untriedOf = (tried: number, wanted: number, what: string) =>
  tried < wanted ? { untried: `${tried} of ${wanted} ${what} in its time` } : {};
