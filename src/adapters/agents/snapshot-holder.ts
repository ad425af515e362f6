import { createPublisher, type PublishedSnapshot } from '#adapters/agents/published-snapshot.ts';
import { type Snapshot, switchName, withKill } from '#domain/snapshot.ts';

/** What is committed, with the kills that were thrown before their commit laid over it. */
export type SnapshotHolder = PublishedSnapshot & {
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
};

type Override = { readonly generation: number; readonly revision: number };

export function createSnapshotHolder(initial: Snapshot): SnapshotHolder {
  const { published, publish } = createPublisher(initial);
  const overrides = new Map<string, Override>();
  let committed = initial;

  const refresh = () =>
    publish(
      [...overrides.keys()]
        .filter((name) => !committed.kills.has(name))
        .reduce((snapshot, name) => withKill(snapshot, name, true), committed),
    );

  return {
    ...published,
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
      const revision = published.revision() + 1;
      overrides.set(switchName(committed, name), { generation, revision });
      refresh();
    },
    acts: (name) => published.current().kills.has(switchName(committed, name)),
    liftKill: (name, asOfRevision) => {
      const known = switchName(committed, name);
      const override = overrides.get(known);
      if (!override || override.revision > asOfRevision) return;
      overrides.delete(known);
      refresh();
    },
  };
}
