/** Agents that serve and fail as drawn, and a source that counts them, or cannot say. */
import { type Counts, type Reading, UNKNOWN_REASONS } from '#domain/evidence.ts';
import { asInstant, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import type { MetricsReader } from '#operations/metrics-source.ts';
import type { Chance } from '#test/simulation/chance.ts';
import type { FaultyTraffic } from '#test/simulation/faulty-traffic.ts';
import { asking, type Life } from '#test/simulation/life.ts';
import type { Timeline } from '#test/simulation/timeline.ts';
import type { Weather } from '#test/simulation/weather.ts';

const REQUESTS_A_MINUTE = 6_000;

type Count = { requests: number; errors: number };
type MetricsDeps = {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly weather: Weather;
  readonly traffic: FaultyTraffic;
  /** The share of requests that fail with this version now. */
  readonly badness: (version: string) => number;
};

export function createFaultyMetrics(deps: MetricsDeps) {
  const { timeline, chance, weather, traffic, badness } = deps;
  const counted = new Map<string, Count>();
  const countedAtMs = new Map<string, number>();
  const last = new Map<string, Reading>();

  const serve = (service: string, version: string, requests: number) => {
    const key = `${service}@${version}`;
    const count = counted.get(key) ?? { requests: 0, errors: 0 };
    count.requests += requests;
    count.errors += Math.round(requests * badness(version));
    counted.set(key, count);
  };
  /** What agents have served since somebody last looked. */
  const catchUp = (service: string) => {
    const nowMs = timeline.monotonicMs();
    const minutes = (nowMs - (countedAtMs.get(service) ?? nowMs)) / MINUTE_MS;
    countedAtMs.set(service, nowMs);
    const { stable, candidate, weightPercent } = traffic.of(service);
    const requests = Math.round(REQUESTS_A_MINUTE * Math.min(10, minutes));
    const own = Math.round((requests * weightPercent) / 100);
    serve(service, candidate, own);
    serve(service, stable, requests - own);
  };
  const totalsOf = (service: string, version: string): Counts => ({
    ...(counted.get(`${service}@${version}`) ?? { requests: 0, errors: 0 }),
  });
  const read = (service: string, candidate: string, stable: string): Reading => {
    catchUp(service);
    if (!weather.strikes('metrics'))
      return {
        says: 'counted',
        at: timeline.clock(),
        candidate: totalsOf(service, candidate),
        stable: totalsOf(service, stable),
      };
    const before = last.get(`${service}@${candidate}`);
    if (chance.is(0.1)) counted.delete(`${service}@${candidate}`);
    if (chance.is(0.3) && before) return before;
    if (chance.is(0.2)) {
      const none = { requests: 0, errors: 0 };
      const at = asInstant(timeline.clock() - chance.whole(5 * MINUTE_MS));
      return { says: 'counted', at, candidate: none, stable: none };
    }
    return { says: 'unknown', reason: chance.oneOf(...UNKNOWN_REASONS), detail: '' };
  };

  return {
    /** What was answered last about this candidate. */
    lastSaid: (service: string, candidate: string) => last.get(`${service}@${candidate}`),
    reader: (life: Life): MetricsReader => ({
      read: ({ service, candidate, stable }) =>
        asking(life, async () => {
          if (chance.is(0.05))
            await new Promise<void>((go) => timeline.after(chance.upTo(150 * SECOND_MS), go));
          const reading = read(service, candidate, stable);
          // What a dead process is answered late is nobody's evidence.
          if (life.isAlive()) last.set(`${service}@${candidate}`, reading);
          return reading;
        }),
      history: async () => [],
    }),
  };
}
