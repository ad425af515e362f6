/** How bad the day is: each part of the outside is well for a while, then less so, then down. */
import { MINUTE_MS } from '#domain/time.ts';
import type { Chance } from '#test/simulation/chance.ts';
import type { Timeline } from '#test/simulation/timeline.ts';

const PARTS = ['slack', 'metrics', 'traffic'] as const;
export type Part = (typeof PARTS)[number];

export type Weather = {
  /** Does this call go wrong? */
  readonly strikes: (part: Part) => boolean;
  /** From here on everything is well. */
  readonly clearUp: () => void;
};

export function createWeather(timeline: Timeline, chance: Chance): Weather {
  const badness: Record<Part, number> = { slack: 0, metrics: 0, traffic: 0 };
  let isOver = false;
  const turn = (part: Part) => {
    badness[part] = isOver ? 0 : chance.oneOf(0, 0, 0, 0.1, 0.4, 0.95);
    if (!isOver) timeline.after(chance.upTo(40 * MINUTE_MS), () => turn(part));
  };
  for (const part of PARTS) turn(part);
  return {
    strikes: (part) => chance.is(badness[part]),
    clearUp: () => {
      isOver = true;
      for (const part of PARTS) badness[part] = 0;
    },
  };
}
