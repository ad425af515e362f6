import type { Instant } from '#domain/time.ts';

/** Who listens to what: after a kill, people are told whether anybody asks for that key at all. */
export type Usage = {
  readonly asked: (environment: string, key: string) => void;
  /** All keys of an environment were fetched at once, over either door. */
  readonly listed: (environment: string) => void;
  readonly lastAskedAt: (environment: string, key: string) => Instant | undefined;
  /** Keys that were asked for by name, to suggest what was meant. */
  readonly keysAsked: (environment: string) => readonly string[];
};

/** Callers choose the names of switches, so the memory for them is bounded. */
const KEYS_MAX = 2_000;

export function createUsage(clock: () => Instant): Usage {
  const environments = new Map<string, { keys: Map<string, Instant>; listedAt?: Instant }>();
  const of = (environment: string) => {
    const known = environments.get(environment);
    if (known) return known;
    const fresh: { keys: Map<string, Instant>; listedAt?: Instant } = { keys: new Map() };
    environments.set(environment, fresh);
    return fresh;
  };
  return {
    asked: (environment, key) => {
      const { keys } = of(environment);
      if (keys.has(key) || keys.size < KEYS_MAX) keys.set(key, clock());
    },
    listed: (environment) => {
      of(environment).listedAt = clock();
    },
    lastAskedAt: (environment, key) => {
      const { keys, listedAt } = of(environment);
      const asked = keys.get(key);
      return asked !== undefined && listedAt !== undefined && listedAt > asked
        ? listedAt
        : (asked ?? listedAt);
    },
    keysAsked: (environment) => [...of(environment).keys.keys()],
  };
}
