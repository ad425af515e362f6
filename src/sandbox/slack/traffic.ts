import type { ApiCall, Delivery } from '#sandbox/protocol.ts';

/** What went to and fro, for tests and the curious. */
export type TrafficRecord = { readonly calls: ApiCall[]; readonly deliveries: Delivery[] };

const KEPT_MAX = 10_000;

export const createTraffic = (): TrafficRecord => ({ calls: [], deliveries: [] });

export function recordCall({ calls }: TrafficRecord, call: ApiCall): void {
  calls.push(call);
  if (calls.length > KEPT_MAX) calls.splice(0, calls.length - KEPT_MAX);
}
