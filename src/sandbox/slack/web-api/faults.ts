/** Faults that tests and the page put between the app and Slack. */
import type { Fault } from '#sandbox/protocol.ts';

export type Faults = { list: { readonly fault: Fault; left: number }[] };

export const createFaults = (): Faults => ({ list: [] });

export function setFaults(faults: Faults, wanted: readonly Fault[]): void {
  faults.list = wanted.map((fault) => ({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }));
}

export const currentFaults = ({ list }: Faults): Fault[] =>
  list.map(({ fault, left }) => (Number.isFinite(left) ? { ...fault, times: left } : fault));

/** The first fault for this call; one with a count is used up a little. */
export function takeFault(
  faults: Faults,
  method: string,
  channel: string | undefined,
): Fault | undefined {
  const hit = faults.list.find(
    ({ fault }) =>
      (fault.method === '*' || fault.method === method) &&
      (fault.channel === undefined || fault.channel === channel),
  );
  if (!hit) return undefined;
  hit.left -= 1;
  if (hit.left <= 0) faults.list = faults.list.filter((one) => one !== hit);
  return hit.fault;
}
