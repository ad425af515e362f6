// The steps of a service, from the weights people write and the defaults around them.

import type { Step, Strategy } from '#domain/plan.ts';

/** A rung as its weight, with what differs from the other rungs. */
export type WrittenStep = {
  readonly weight: number;
  readonly dwell?: number | undefined;
  readonly approval?: boolean | undefined;
};
export type WrittenLadder = {
  readonly strategy: Strategy;
  readonly steps?: readonly WrittenStep[] | undefined;
  readonly dwell: number;
  /** For all steps, or the weights that need somebody's yes. */
  readonly approval: boolean | readonly number[];
};

const USUAL_WEIGHTS: Readonly<Record<Strategy, readonly number[]>> = {
  canary: [1, 5, 10, 25, 50, 100],
  'blue-green': [0, 100],
};

export const weightsOf = ({ steps, strategy }: WrittenLadder): readonly number[] =>
  steps?.map(({ weight }) => weight) ?? USUAL_WEIGHTS[strategy];

export function ladderOf(written: WrittenLadder): readonly Step[] {
  const { approval, dwell, steps } = written;
  return weightsOf(written).map((weightPercent, index) => {
    const usual = typeof approval === 'boolean' ? approval : approval.includes(weightPercent);
    const step = steps?.[index];
    return {
      weightPercent,
      dwellMs: step?.dwell ?? dwell,
      approval: step?.approval ?? usual,
    };
  });
}
