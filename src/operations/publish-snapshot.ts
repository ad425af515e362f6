import type { Flag } from '#domain/flag.ts';
import type { KillSwitch } from '#domain/killswitch.ts';
import { splitName } from '#domain/name.ts';
import { isServing, type Release, weightOf } from '#domain/release.ts';
import type { Service } from '#domain/service.ts';
import {
  type FlagRoute,
  type ServiceRoute,
  type Snapshot,
  withFlag,
  withKill,
  withService,
} from '#domain/snapshot.ts';
import type { Commit } from '#store/port.ts';
import type { Queries } from '#store/queries.ts';

/** What agents may see of a commit: the snapshot with only that part replaced. */
export function withCommit(snapshot: Snapshot, { aggregate, state }: Commit): Snapshot {
  const { kind, name } = aggregate;
  if (!state || kind === 'register' || kind === 'version') return snapshot;
  // The kind names the type of the state, a link between two unions that types cannot follow.
  if (kind === 'service') return withService(snapshot, name, serviceRoute(state as Service));
  if (kind === 'flag') return withFlag(snapshot, name, flagRoute(state as Flag));
  return withKill(snapshot, name, (state as KillSwitch).isOn);
}

/** Everything agents may see, read once at the start. */
export function snapshotOf(
  empty: Snapshot,
  queries: Pick<Queries, 'services' | 'flags' | 'killSwitches'>,
): Snapshot {
  let snapshot = empty;
  for (const service of queries.services())
    snapshot = withService(snapshot, service.name, serviceRoute(service));
  for (const flag of queries.flags()) snapshot = withFlag(snapshot, flag.key, flagRoute(flag));
  for (const { name, isOn } of queries.killSwitches()) snapshot = withKill(snapshot, name, isOn);
  return snapshot;
}

function serviceRoute(service: Service): ServiceRoute | undefined {
  const { name, stable, former, locks, live, archived } = service;
  if (archived || stable === undefined) return undefined;
  const { base } = splitName(name);
  const isServed = live !== undefined && isServing(live);
  const pinnable = new Set([stable, ...former]);
  if (isServed) pinnable.add(live.facts.candidate);
  for (const { version, unlocked } of locks) if (!unlocked) pinnable.delete(version);
  return { name: base, stable, pinnable, ...(isServed && { split: splitOf(live) }) };
}

function splitOf(live: Release & { readonly step: number }): ServiceRoute['split'] & object {
  const { id, candidate, plan } = live.facts;
  return {
    release: id,
    candidate,
    weightPercent: weightOf(live),
    step: live.step,
    testers: new Set(plan.testers),
    bucketing: plan.bucketing,
  };
}

function flagRoute(flag: Flag): FlagRoute | undefined {
  if (flag.archived) return undefined;
  const { state, percent, bucketing } = flag;
  const { base: key } = splitName(flag.key);
  return { key, state, percent, allowed: new Set(flag.allowed), bucketing };
}
