/** How bad the day is: each part of the outside is well for a while, then less so, then down. */
import { MINUTE_MS } from '#domain/time.ts';
import type { Chance } from '#test/simulation/chance.ts';
import type { Timeline } from '#test/simulation/timeline.ts';

export type Part = 'slack' | 'metrics' | 'traffic' | 'disk';

/** What share of calls may go wrong; whoever has a database locked lets it go in between. */
const BADNESS: Readonly<Record<Part, readonly [number, ...number[]]>> = {
  slack: [0, 0, 0, 0.1, 0.4, 0.95],
  metrics: [0, 0, 0, 0.1, 0.4, 0.95],
  traffic: [0, 0, 0, 0.1, 0.4, 0.95],
  disk: [0, 0, 0, 0, 0, 0, 0, 0.3],
};
const PARTS = Object.keys(BADNESS) as readonly Part[];

export type Weather = {
  /** Does this call go wrong? */
  readonly strikes: (part: Part) => boolean;
  /** From here on everything is well. */
  readonly clearUp: () => void;
};

export function createWeather(timeline: Timeline, chance: Chance): Weather {
  const badness: Record<Part, number> = { slack: 0, metrics: 0, traffic: 0, disk: 0 };
  let isOver = false;
  const turn = (part: Part) => {
    badness[part] = isOver ? 0 : chance.oneOf(...BADNESS[part]);
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
