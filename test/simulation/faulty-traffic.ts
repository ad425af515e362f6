/** Where traffic is divided: it refuses, does it and says nothing, or does it later than it says. */
import type { Applied } from '#domain/service.ts';
import { SECOND_MS } from '#domain/time.ts';
import type { TrafficDriver } from '#operations/sync-traffic.ts';
import type { Chance } from '#test/simulation/chance.ts';
import { asking, type Life } from '#test/simulation/life.ts';
import type { Timeline } from '#test/simulation/timeline.ts';
import type { Weather } from '#test/simulation/weather.ts';

const NOWHERE: Applied = { stable: '', candidate: '', weightPercent: 0 };

export type FaultyTraffic = ReturnType<typeof createFaultyTraffic>;

export function createFaultyTraffic(timeline: Timeline, chance: Chance, weather: Weather) {
  const divided = new Map<string, Applied>();
  const newest = new Map<string, Applied>();
  return {
    of: (service: string) => divided.get(service) ?? NOWHERE,
    driver: (life: Life): TrafficDriver => ({
      apply: (service, wanted) =>
        asking(life, async () => {
          const strikes = weather.strikes('traffic');
          if (strikes && chance.is(0.4)) throw new Error('409 conflict');
          newest.set(service, wanted);
          // What comes in late is still the newest that was asked for, or it is not taken.
          const take = () => {
            if (newest.get(service) === wanted) divided.set(service, wanted);
          };
          if (strikes && chance.is(0.5)) timeline.after(chance.upTo(90 * SECOND_MS), take);
          else take();
          if (strikes && chance.is(0.5)) throw new Error('502 after it was applied');
        }),
      observe: (service) =>
        asking(life, async () => {
          if (weather.strikes('traffic') && chance.is(0.5)) throw new Error('503');
          return divided.get(service) ?? NOWHERE;
        }),
    }),
  };
}
