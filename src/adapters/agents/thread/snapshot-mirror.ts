import { createPublisher, type PublishedSnapshot } from '#adapters/agents/published-snapshot.ts';
import { type Snapshot, withKill } from '#domain/snapshot.ts';
import { type SnapshotChange, withChange } from '#domain/snapshot-change.ts';

/** The main thread's snapshot as it reached this one, with the kills thrown here laid over it. */
export type SnapshotMirror = PublishedSnapshot & {
  readonly follow: (change: SnapshotChange) => void;
  /**
   * The switch is on from this moment. Whoever threw it lets go once the main thread has answered:
   * from then on its snapshot alone says whether the switch is on.
   */
  readonly killNow: (name: string) => { readonly letGo: () => void };
};

export function createSnapshotMirror(initial: Snapshot): SnapshotMirror {
  const { published, publish } = createPublisher(initial);
  const thrown = new Set<{ readonly name: string }>();
  let followed = initial;

  const refresh = () =>
    publish([...thrown].reduce((snapshot, { name }) => withKill(snapshot, name, true), followed));

  return {
    ...published,
    follow: (change) => {
      followed = withChange(followed, change);
      refresh();
    },
    killNow: (name) => {
      const kill = { name };
      thrown.add(kill);
      refresh();
      return {
        letGo: () => {
          if (thrown.delete(kill)) refresh();
        },
      };
    },
  };
}
