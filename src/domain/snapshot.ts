/**
 * What agents are answered from: plain, immutable, rebuilt after each commit by replacing only
 * what the commit touched. Evaluating reads nothing else, so it never waits for the database.
 */
import { isGlobalSwitch, splitName } from '#domain/name.ts';

/** How a release divides the traffic of its service. */
export type Split = {
  readonly release: number;
  readonly candidate: string;
  /** The candidate's share in whole percents; 0 means testers only. */
  readonly weightPercent: number;
  /** Index of the step on the plan's ladder, from 0. */
  readonly step: number;
  readonly testers: ReadonlySet<string>;
  readonly bucketing: 1;
};

export type ServiceRoute = {
  /** Without its environment: the key agents ask for is `<name>.version` in each of them. */
  readonly name: string;
  readonly stable: string;
  /** Versions a conversation may stay on; a version that was rolled back or locked is not here. */
  readonly pinnable: ReadonlySet<string>;
  /** Absent while no release gives the candidate traffic. */
  readonly split?: Split;
};

export type FlagRoute = {
  readonly key: string;
  /** `off` is off for everyone, the allowed ones too: switching off must always stop something. */
  readonly state: 'off' | 'on' | 'percentage';
  readonly percent: number;
  /** They have the flag in state `percentage`, whatever the percentage. */
  readonly allowed: ReadonlySet<string>;
  readonly bucketing: 1;
};

export type EnvironmentView = {
  readonly services: ReadonlyMap<string, ServiceRoute>;
  readonly flags: ReadonlyMap<string, FlagRoute>;
  /** Names of the switches that are on, without the environment. */
  readonly kills: ReadonlySet<string>;
  /** Every switch anybody ever named, so that lists of all keys can show those that are off. */
  readonly switches: ReadonlySet<string>;
  /** `global` is on, for every environment or for this one. */
  readonly allKilled: boolean;
};

export type Snapshot = {
  /** Grows with every change that agents can see. */
  readonly generation: number;
  readonly defaultEnvironment: string;
  readonly environments: ReadonlyMap<string, EnvironmentView>;
  /** Switches that are on, as people write them: `writes`, `global/staging`. */
  readonly kills: ReadonlySet<string>;
};

export const EMPTY_VIEW: EnvironmentView = {
  services: new Map(),
  flags: new Map(),
  kills: new Set(),
  switches: new Set(),
  allKilled: false,
};

export const emptySnapshot = (defaultEnvironment: string): Snapshot => ({
  generation: 0,
  defaultEnvironment,
  environments: new Map([[defaultEnvironment, EMPTY_VIEW]]),
  kills: new Set(),
});

/** An environment nobody configured is empty, but `global` reaches it all the same. */
export const viewOf = (snapshot: Snapshot, environment: string): EnvironmentView =>
  snapshot.environments.get(environment) ?? {
    ...EMPTY_VIEW,
    allKilled: isAllKilled(snapshot, environment),
  };

/** Where a name as people write it belongs: `support-agent/staging` is `support-agent` in staging. */
export function placeOf(snapshot: Snapshot, name: string): { base: string; environment: string } {
  const { base, environment } = splitName(name);
  return { base, environment: environment ?? snapshot.defaultEnvironment };
}

/** `name` is the service as people write it; without a route it is archived. */
export function withService(
  snapshot: Snapshot,
  name: string,
  route: ServiceRoute | undefined,
): Snapshot {
  const { base, environment } = placeOf(snapshot, name);
  const { services } = viewOf(snapshot, environment);
  if (isSame(services.get(base), route)) return snapshot;
  const next = replaced(services, base, route);
  return withView(snapshot, environment, (view) => ({ ...view, services: next }));
}

/** `key` is the flag as people write it, with its environment; without a route it is archived. */
export function withFlag(snapshot: Snapshot, key: string, route: FlagRoute | undefined): Snapshot {
  const { base, environment } = placeOf(snapshot, key);
  const { flags } = viewOf(snapshot, environment);
  if (isSame(flags.get(base), route)) return snapshot;
  const next = replaced(flags, base, route);
  return withView(snapshot, environment, (view) => ({ ...view, flags: next }));
}

/** Switches one kill switch; `global` reaches every environment, `global/staging` all of staging. */
export function withKill(snapshot: Snapshot, name: string, killed: boolean): Snapshot {
  const { base, environment } = placeOf(snapshot, name);
  const known = switchName(snapshot, name);
  const isNamed = isGlobalSwitch(name) || viewOf(snapshot, environment).switches.has(base);
  if (isNamed && snapshot.kills.has(known) === killed) return snapshot;
  const next = { ...snapshot, kills: toggled(snapshot.kills, known, killed) };
  if (isGlobalSwitch(name)) return withGlobalReach(next);
  return withView(next, environment, (view) => ({
    ...view,
    kills: toggled(view.kills, base, killed),
    switches: toggled(view.switches, base, true),
  }));
}

/** One name a switch: `writes` and `writes/production` are the same one, `global` means them all. */
export function switchName(snapshot: Snapshot, name: string): string {
  const { base, environment } = placeOf(snapshot, name);
  return environment === snapshot.defaultEnvironment && !isGlobalSwitch(name) ? base : name;
}

/** What an agent that asks for it is answered; `name` is the switch as people write it. */
export function isSwitchOn(snapshot: Snapshot, name: string): boolean {
  const { base, environment } = placeOf(snapshot, name);
  return isKilled(viewOf(snapshot, environment), base);
}

export const isKilled = (view: EnvironmentView, name: string) =>
  view.allKilled || view.kills.has(name);

function withGlobalReach(snapshot: Snapshot): Snapshot {
  const environments = new Map<string, EnvironmentView>();
  for (const [environment, view] of snapshot.environments) {
    const allKilled = isAllKilled(snapshot, environment);
    environments.set(environment, view.allKilled === allKilled ? view : { ...view, allKilled });
  }
  return { ...snapshot, generation: snapshot.generation + 1, environments };
}

const isAllKilled = ({ kills }: Snapshot, environment: string) =>
  kills.has('global') || kills.has(`global/${environment}`);

function withView(
  snapshot: Snapshot,
  environment: string,
  change: (view: EnvironmentView) => EnvironmentView,
): Snapshot {
  const view = viewOf(snapshot, environment);
  const environments = new Map(snapshot.environments).set(environment, change(view));
  return { ...snapshot, generation: snapshot.generation + 1, environments };
}

function replaced<Route>(
  routes: ReadonlyMap<string, Route>,
  name: string,
  route: Route | undefined,
): ReadonlyMap<string, Route> {
  const next = new Map(routes);
  if (route) next.set(name, route);
  else next.delete(name);
  return next;
}

function toggled(names: ReadonlySet<string>, name: string, present: boolean): ReadonlySet<string> {
  const next = new Set(names);
  if (present) next.add(name);
  else next.delete(name);
  return next;
}

/**
 * Most commits change nothing that agents can see: a poll that only counted must not send every
 * client to fetch again.
 */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (one instanceof Set && other instanceof Set) {
    return one.size === other.size && [...one].every((member) => other.has(member));
  }
  if (!isPlain(one) || !isPlain(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => isSame(one[name], other[name]))
  );
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !(value instanceof Set);
