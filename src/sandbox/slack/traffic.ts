import type { ApiCall, Delivery } from '#sandbox/protocol.ts';

/** What went to and fro, for tests and the curious. */
export type TrafficRecord = { readonly calls: ApiCall[]; readonly deliveries: Delivery[] };

const KEPT_MAX = 2_000;

export const createTraffic = (): TrafficRecord => ({ calls: [], deliveries: [] });

export const recordCall = ({ calls }: TrafficRecord, call: ApiCall) => keep(calls, call);

export const recordDelivery = ({ deliveries }: TrafficRecord, delivery: Omit<Delivery, 'id'>) =>
  keep(deliveries, { id: (deliveries.at(-1)?.id ?? 0) + 1, ...delivery });

function keep<One>(all: One[], one: One): void {
  all.push(one);
  if (all.length > KEPT_MAX) all.shift();
}
