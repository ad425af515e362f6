/** Where the release stands while it is polled. */
export type Place = {
  readonly step: number;
  readonly weightPercent: number;
  /** The share that the next step gives; without one, this is the last step. */
  readonly nextWeightPercent?: number | undefined;
  /** After completion only absolute lines look, and no gate asks. */
  readonly mode: 'step' | 'watch';
};

/** From this weight on, completion gives hardly more than the gate before it has asked about. */
const NEARLY_ALL_PERCENT = 90;

/** Is there traffic of stable in the same minutes to compare with? */
export const hasStableArm = ({ mode, weightPercent }: Place) =>
  mode === 'step' && weightPercent > 0 && weightPercent < 100;

/** The share that a passing gate would lead to; undefined where nothing is left to ask. */
export function nextShare({ mode, weightPercent, nextWeightPercent }: Place): number | undefined {
  if (mode === 'watch' || weightPercent === 0) return undefined;
  if (nextWeightPercent !== undefined) return nextWeightPercent / 100;
  // A ladder that ends low would otherwise give the rest without any proof.
  return weightPercent < NEARLY_ALL_PERCENT ? 1 : undefined;
}
