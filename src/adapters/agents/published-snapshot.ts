import type { Snapshot } from '#domain/snapshot.ts';
import { changeBetween } from '#domain/snapshot-change.ts';

/** The snapshot agents are answered from, and who wants to know when it changes. */
export type PublishedSnapshot = {
  readonly current: () => Snapshot;
  /** Grows with every publication, whether or not agents can see a difference. */
  readonly revision: () => number;
  /** The revision at which this environment last changed: equal means equal answers. */
  readonly revisionOf: (environment: string) => number;
  /** Told after each publication; `revisionOf` says whether it concerns an environment. */
  readonly subscribe: (listener: () => void) => () => void;
};

export function createPublisher(initial: Snapshot) {
  const listeners = new Set<() => void>();
  const changedAt = new Map<string, number>();
  let current = initial;
  let revision = 1;

  const published: PublishedSnapshot = {
    current: () => current,
    revision: () => revision,
    // An environment nobody configured has no history of its own: any change may concern it.
    revisionOf: (environment) =>
      current.environments.has(environment) ? (changedAt.get(environment) ?? 1) : revision,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const publish = (next: Snapshot) => {
    const change = changeBetween(current, next);
    current = next;
    revision += 1;
    for (const environment of change?.environments.keys() ?? []) {
      changedAt.set(environment, revision);
    }
    for (const listener of [...listeners]) listener();
  };
  return { published, publish };
}
