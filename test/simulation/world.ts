/** Everything around a process: the disk, time, chance, Slack, traffic, metrics, and the witness. */
import type { Chance } from '#test/simulation/chance.ts';
import { createChance } from '#test/simulation/chance.ts';
import { createFaultyMetrics } from '#test/simulation/faulty-metrics.ts';
import { createFaultySlack } from '#test/simulation/faulty-slack.ts';
import { createFaultyTraffic } from '#test/simulation/faulty-traffic.ts';
import type { openMemoryStore } from '#test/simulation/memory-store/memory-store.ts';
import { createTimeline } from '#test/simulation/timeline.ts';
import { createWeather } from '#test/simulation/weather.ts';
import { createWitness } from '#test/simulation/witness.ts';

/** What a process opens when it starts: everything that works on one disk. */
export type OpenStore = () => Pick<
  ReturnType<typeof openMemoryStore>,
  'store' | 'queries' | 'outbox' | 'journal' | 'register' | 'entries'
>;

export type World = ReturnType<typeof createWorld>;

export const SERVICES = ['support-agent', 'billing-agent', 'search-agent'] as const;

export function createWorld(seed: number, open: OpenStore) {
  const chance = createChance(seed);
  const timeline = createTimeline();
  const weather = createWeather(timeline, chance);
  const traffic = createFaultyTraffic(timeline, chance, weather);
  const badness = drawnOnce(chance);
  const metrics = createFaultyMetrics({ timeline, chance, weather, traffic, badness });
  const witness = createWitness(metrics.lastSaid);
  const slack = createFaultySlack({ timeline, chance, weather, onTold: witness.told });
  let keys = 0;
  const freshKey = () => {
    keys += 1;
    return `request:${keys}`;
  };
  return { seed, freshKey, chance, timeline, weather, traffic, metrics, witness, slack, open };
}

/** Most versions are as good as any, some are bad, and some become so. */
function drawnOnce(chance: Chance) {
  const drawn = new Map<string, number>();
  return (version: string): number => {
    if (version === 'v0') return 0.01;
    const known = drawn.get(version) ?? chance.oneOf(0.01, 0.01, 0.01, 0.02, 0.4);
    const turns = chance.is(0.0005) ? 0.5 : known;
    drawn.set(version, turns);
    return turns;
  };
}
