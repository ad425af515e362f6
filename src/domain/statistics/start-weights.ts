/**
 * We do not know since when a candidate is bad, so the evidence begins afresh before every poll with
 * a small weight. All weights together stay within 1, which is what the proof of the 1 % needs.
 */
export type StartWeights = {
  /** Before the first poll. */
  readonly firstWeight: number;
  /** Shared equally by the planned changes of step. */
  readonly stepsWeight: number;
  readonly plannedSteps: number;
  /** Spread over the polls after the first: the first block is as long as the plan. */
  readonly pollsWeight: number;
  readonly horizonPolls: number;
  /**
   * The first block gets this share of `pollsWeight`, each later one the same share of the rest over
   * twice the time. So a release that outlives its plan still gets fresh starts; 1 means it does not.
   */
  readonly blockShare: number;
};

export const startWeights = (plannedSteps: number, horizonPolls: number): StartWeights => ({
  firstWeight: 0.6,
  stepsWeight: 0.25,
  plannedSteps,
  pollsWeight: 0.15,
  horizonPolls,
  blockShare: 0.5,
});

/** The weight of the fresh start before poll number `poll`, counted from 0. */
export function startWeight(weights: StartWeights, poll: number, changesStep: boolean): number {
  const { stepsWeight, plannedSteps, firstWeight } = weights;
  const ofStep = changesStep && plannedSteps > 1 ? stepsWeight / (plannedSteps - 1) : 0;
  return poll === 0 ? firstWeight : ofStep + pollWeight(weights, poll - 1);
}

function pollWeight({ pollsWeight, horizonPolls, blockShare }: StartWeights, poll: number): number {
  const block = Math.floor(Math.log2(poll / horizonPolls + 1));
  return (pollsWeight * blockShare * (1 - blockShare) ** block) / (horizonPolls * 2 ** block);
}
