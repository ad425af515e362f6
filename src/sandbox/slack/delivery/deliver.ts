/** Every delivery is written down: whether it was acknowledged in time, and with what. */
import type { Delivery } from '#sandbox/protocol.ts';
import type { Ack, Envelope, Transport } from '#sandbox/slack/delivery/envelope.ts';
import { retryAfter } from '#sandbox/slack/delivery/event-retries.ts';
import { recordDelivery, type TrafficRecord } from '#sandbox/slack/traffic.ts';

export type DeliverDeps = {
  readonly transport: Transport;
  readonly traffic: TrafficRecord;
  readonly clock: () => number;
  /** Runs something later; returns how to call it off. */
  readonly after: After;
};
export type After = (ms: number, run: () => void) => () => void;

export async function deliver(deps: DeliverDeps, envelope: Envelope): Promise<Ack> {
  const { transport, traffic, clock, after } = deps;
  const atMs = clock();
  const ack = await transport.send(envelope);
  recordDelivery(traffic, entry({ atMs, via: transport.via }, envelope, ack));
  const retry =
    envelope.kind === 'event' ? retryAfter(ack, envelope.retry?.number ?? 0) : undefined;
  if (retry) {
    const { number, reason } = retry;
    after(retry.waitMs, () => void deliver(deps, { ...envelope, retry: { number, reason } }));
  }
  return ack;
}

type Sent = Pick<Delivery, 'atMs' | 'via'>;

function entry(sent: Sent, envelope: Envelope, ack: Ack): Omit<Delivery, 'id'> {
  const { kind, about, by, retry } = envelope;
  return {
    ...sent,
    kind,
    about,
    acknowledgedInTime: ack.came === 'in_time',
    ...(by ? { by } : {}),
    ...(retry ? { retry } : {}),
    ...('status' in ack && ack.status !== undefined ? { status: ack.status } : {}),
    ...('ackMs' in ack ? { ackMs: ack.ackMs } : {}),
    ...('body' in ack && ack.body !== undefined ? { answer: ack.body } : {}),
    ...(ack.came === 'in_time' ? {} : { failure: failureOf(ack) }),
  };
}

function failureOf(ack: Exclude<Ack, { came: 'in_time' }>): string {
  switch (ack.came) {
    case 'not_reachable':
      return ack.failure;
    case 'too_late':
      return 'not acknowledged within three seconds';
    case 'with_error':
      return `answered ${ack.status}`;
  }
}
