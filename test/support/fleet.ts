/** Agents that ask Signalman over HTTP which version to run, run it, and report how it went. */
import { setTimeout as pause } from 'node:timers/promises';
import { bucketOf, releaseGroup } from '#domain/bucketing.ts';
import { agentsDoor } from '#test/support/agents-door.ts';

type Fails = { readonly stable?: number; readonly candidate?: number };

type FleetOptions = {
  readonly agentsUrl: string;
  readonly service: string;
  readonly candidate?: string;
  /** Of each arm, the share of requests that fail. */
  readonly fails?: Fails;
  /** What each of the ten users asks of it at a time. */
  readonly requestsEach?: number;
};

const USERS = 10;
const BEAT_MS = 200;

/** Ten users, one in each tenth, so that a weight of 10 % is one of them exactly. */
function spreadUsers(service: string, candidate: string): readonly string[] {
  const tenths = new Map<number, string>();
  for (let n = 1; tenths.size < USERS; n += 1) {
    const tenth = Math.floor(
      (bucketOf(releaseGroup(service, candidate), `user-${n}`) * USERS) / 10_000,
    );
    if (!tenths.has(tenth)) tenths.set(tenth, `user-${n}`);
  }
  return [...tenths].sort(([one], [other]) => one - other).map(([, key]) => key);
}

export function startFleet(options: FleetOptions) {
  const { agentsUrl, service, candidate = '2.4.0', requestsEach = 10 } = options;
  const users = spreadUsers(service, candidate);
  const failed = { candidate: 0, stable: 0 };
  const served = { candidate: 0, stable: 0 };
  let fails = options.fails ?? {};
  let isRunning = true;

  const door = agentsDoor(agentsUrl);
  const versionFor = (key: string) => door.valueOf(`${service}.version`, key);
  /** Failures come evenly, so that a rate is met exactly and a story is the same each time. */
  const request = (key: string, version: unknown) => {
    const arm = version === candidate ? 'candidate' : 'stable';
    served[arm] += 1;
    const hasFailed = failed[arm] < Math.floor(served[arm] * (fails[arm] ?? 0));
    if (hasFailed) failed[arm] += 1;
    return { service, version, key, success: !hasFailed, latency_ms: 120 };
  };
  const beat = async () => {
    const told = await Promise.all(
      users.map(async (key) => ({ key, version: await versionFor(key) })),
    );
    const logs = told.flatMap(({ key, version }) =>
      Array.from({ length: requestsEach }, () => request(key, version)),
    );
    await door.report(logs);
  };
  const running = (async () => {
    while (isRunning) {
      // While Signalman is away agents go on with what they know; here they simply wait.
      await beat().catch(() => {});
      await pause(BEAT_MS);
    }
  })();

  return {
    /** The share of the ten users who get the candidate now. */
    sharePercent: async () => {
      const versions = await Promise.all(users.map(versionFor));
      return (100 * versions.filter((version) => version === candidate).length) / USERS;
    },
    setFails: (next: Fails) => {
      fails = next;
      for (const arm of ['candidate', 'stable'] as const) {
        served[arm] = 0;
        failed[arm] = 0;
      }
    },
    stop: async () => {
      isRunning = false;
      await running;
    },
  };
}
