/** What planted code asks, and what the runner sets: one mutant at a time, or none. */
import { SWITCH } from '#test/mutation/plant.ts';

type Trial = {
  tried: number | undefined;
  /** Those whose place was passed while none was tried. */
  readonly reached: Set<number>;
  visits: number;
  visitsMax: number;
};

export const trial: Trial = {
  tried: undefined,
  reached: new Set(),
  visits: 0,
  visitsMax: Infinity,
};

/** A changed loop may have no end, and nothing outside of it could stop it. */
export const WITHOUT_END = 'this mutant does not come to an end';

export function startTrial(id: number, visitsMax: number): void {
  Object.assign(trial, { tried: id, visits: 0, visitsMax });
}

export function endTrial(): void {
  Object.assign(trial, { tried: undefined, visits: 0, visitsMax: Infinity });
}

function isTried(id: number): boolean {
  trial.visits += 1;
  if (trial.visits > trial.visitsMax) throw new Error(WITHOUT_END);
  if (trial.tried === undefined) trial.reached.add(id);
  return trial.tried === id;
}

Object.assign(globalThis, { [SWITCH]: isTried });
