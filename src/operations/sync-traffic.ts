import { CLOCK, trusted } from '#domain/actor.ts';
import { isServing, weightOf } from '#domain/release.ts';
import type { Applied, Service } from '#domain/service.ts';
import { type SteerDeps, steerService } from '#operations/steer-service.ts';
import type { Queries } from '#store/queries.ts';

/** Where traffic is really divided. The one that agents pull from needs nothing but the snapshot. */
export type TrafficDriver = {
  /** Brings the wanted division about; applying the same twice is safe. */
  readonly apply: (service: string, wanted: Applied) => Promise<void>;
  /** Reads back what is in force. */
  readonly observe: (service: string) => Promise<Applied>;
};

export type SyncTrafficDeps = SteerDeps & {
  readonly queries: Pick<Queries, 'service'>;
  readonly traffic: TrafficDriver;
};

/** Applies what the state of this moment wants, reads it back, and says what was seen. */
export async function syncTraffic(deps: SyncTrafficDeps, name: string): Promise<void> {
  const service = deps.queries.service(name);
  const wanted = service && wantedTraffic(service);
  if (!wanted) return;
  await deps.traffic.apply(name, wanted);
  const applied = await deps.traffic.observe(name);
  if (!isSame(applied, wanted))
    throw new Error(`Traffic of ${name} is not yet as wanted: ${JSON.stringify(applied)}`);
  const intent = { to: 'confirm_traffic', by: trusted(CLOCK), applied } as const;
  await steerService(deps, { service: name, intent });
}

export function wantedTraffic({ stable, live }: Service): Applied | undefined {
  if (stable === undefined) return undefined;
  if (!live || !isServing(live)) return { stable, candidate: '', weightPercent: 0 };
  return { stable, candidate: live.facts.candidate, weightPercent: weightOf(live) };
}

const isSame = (one: Applied, other: Applied) =>
  one.stable === other.stable &&
  one.candidate === other.candidate &&
  one.weightPercent === other.weightPercent;
