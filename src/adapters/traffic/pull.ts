import type { SnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import { placeOf, viewOf } from '#domain/snapshot.ts';
import type { TrafficDriver } from '#operations/sync-traffic.ts';

/**
 * Agents ask for their version, so dividing traffic is publishing the snapshot, which the commit
 * has done already. What is read back is what agents are answered from.
 */
export function createPullTraffic(snapshots: SnapshotHolder): TrafficDriver {
  return {
    apply: async () => {},
    observe: async (name) => {
      const snapshot = snapshots.current();
      const { base, environment } = placeOf(snapshot, name);
      const route = viewOf(snapshot, environment).services.get(base);
      const { stable = '', split } = route ?? {};
      return {
        stable,
        candidate: split?.candidate ?? '',
        weightPercent: split?.weightPercent ?? 0,
      };
    },
  };
}
