import { type Snapshot, switchName, withKill } from '#domain/snapshot.ts';

/** The snapshot agents are answered from, and who wants to know when it changes. */
export type SnapshotHolder = {
  /** What is committed, with the kills that were thrown before their commit laid over it. */
  readonly current: () => Snapshot;
  /**
   * Takes what a commit changed: `update((snapshot) => withFlag(snapshot, …))`. The callback gets
   * the committed snapshot, never the overlaid one, so an override cannot become permanent.
   */
  readonly update: (change: (committed: Snapshot) => Snapshot) => void;
  /**
   * Memory first: the switch is on from this moment. Overrides only grow, until a newer snapshot
   * has the switch on by itself, or `liftKill` says that switching it off is durable.
   */
  readonly killNow: (name: string) => void;
  /** Are agents told to stop at this moment, whatever was written? */
  readonly acts: (name: string) => boolean;
  /** Forgets an override set at or before this revision: one thrown since then stays. */
  readonly liftKill: (name: string, asOfRevision: number) => void;
  /** Grows with every change, whether committed or not. */
  readonly revision: () => number;
  /** The revision at which this environment last changed: equal means equal answers. */
  readonly revisionOf: (environment: string) => number;
  /** Told after each change; `revisionOf` says whether it concerns an environment. */
  readonly subscribe: (listener: () => void) => () => void;
};

type Override = { readonly generation: number; readonly revision: number };

export function createSnapshotHolder(initial: Snapshot): SnapshotHolder {
  const overrides = new Map<string, Override>();
  const listeners = new Set<() => void>();
  const changedAt = new Map<string, number>();
  let committed = initial;
  let effective = initial;
  let revision = 1;

  const refresh = () => {
    const before = effective;
    effective = [...overrides.keys()]
      .filter((name) => !committed.kills.has(name))
      .reduce((snapshot, name) => withKill(snapshot, name, true), committed);
    revision += 1;
    for (const environment of changedEnvironments(before, effective)) {
      changedAt.set(environment, revision);
    }
    for (const listener of [...listeners]) listener();
  };

  return {
    current: () => effective,
    update: (change) => {
      const next = change(committed);
      if (next === committed) return;
      committed = next;
      for (const [name, { generation }] of overrides) {
        const isSettled = committed.generation > generation && committed.kills.has(name);
        if (isSettled) overrides.delete(name);
      }
      refresh();
    },
    killNow: (name) => {
      const { generation } = committed;
      overrides.set(switchName(committed, name), { generation, revision: revision + 1 });
      refresh();
    },
    acts: (name) => effective.kills.has(switchName(effective, name)),
    liftKill: (name, asOfRevision) => {
      const known = switchName(committed, name);
      const override = overrides.get(known);
      if (!override || override.revision > asOfRevision) return;
      overrides.delete(known);
      refresh();
    },
    revision: () => revision,
    // An environment nobody configured has no history of its own: any change may concern it.
    revisionOf: (environment) =>
      effective.environments.has(environment) ? (changedAt.get(environment) ?? 1) : revision,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Views are immutable, so another object is another view. */
function changedEnvironments(before: Snapshot, after: Snapshot): readonly string[] {
  const names = new Set([...before.environments.keys(), ...after.environments.keys()]);
  return [...names].filter(
    (name) => before.environments.get(name) !== after.environments.get(name),
  );
}
