import type { Applied } from '#domain/service.ts';
import { placeOf, type Snapshot, viewOf } from '#domain/snapshot.ts';
import type { TrafficDriver } from '#operations/sync-traffic.ts';

/**
 * Agents ask for their version, so dividing traffic is publishing the snapshot, which the commit
 * has done already. What is read back is what agents are answered from.
 */
export const createPullTraffic = (observe: TrafficDriver['observe']): TrafficDriver => ({
  apply: async () => {},
  observe,
});

export function servedTraffic(snapshot: Snapshot, name: string): Applied {
  const { base, environment } = placeOf(snapshot, name);
  const route = viewOf(snapshot, environment).services.get(base);
  const { stable = '', split } = route ?? {};
  return {
    stable,
    candidate: split?.candidate ?? '',
    weightPercent: split?.weightPercent ?? 0,
  };
}
