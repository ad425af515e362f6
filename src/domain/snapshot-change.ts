/**
 * What one snapshot has that another has not, as plain data: a copy elsewhere follows by it instead
 * of being sent whole after each commit.
 */
import {
  type EnvironmentView,
  type FlagRoute,
  isSame,
  type ServiceRoute,
  type Snapshot,
  viewOf,
} from '#domain/snapshot.ts';

export type SnapshotChange = {
  readonly generation: number;
  readonly kills: ReadonlySet<string>;
  readonly environments: ReadonlyMap<string, ViewChange>;
};

type ViewChange = Pick<EnvironmentView, 'kills' | 'switches' | 'allKilled'> & {
  readonly services: RouteChanges<ServiceRoute>;
  readonly flags: RouteChanges<FlagRoute>;
};

/** Without a route it is gone. */
type RouteChanges<Route> = ReadonlyMap<string, Route | undefined>;

/** Undefined when agents can see no difference. */
export function changeBetween(before: Snapshot, after: Snapshot): SnapshotChange | undefined {
  const environments = new Map<string, ViewChange>();
  for (const [environment, view] of after.environments) {
    const change = viewChange(before.environments.get(environment), view);
    if (change) environments.set(environment, change);
  }
  // `global` in an environment nobody configured has no view to show it.
  if (environments.size === 0 && isSame(before.kills, after.kills)) return undefined;
  return { generation: after.generation, kills: after.kills, environments };
}

export function withChange(snapshot: Snapshot, change: SnapshotChange): Snapshot {
  const environments = new Map(snapshot.environments);
  for (const [environment, { services, flags, ...switches }] of change.environments) {
    const view = viewOf(snapshot, environment);
    environments.set(environment, {
      ...switches,
      services: withRoutes(view.services, services),
      flags: withRoutes(view.flags, flags),
    });
  }
  return { ...snapshot, generation: change.generation, kills: change.kills, environments };
}

function viewChange(
  before: EnvironmentView | undefined,
  after: EnvironmentView,
): ViewChange | undefined {
  if (before === after) return undefined;
  const services = routeChanges(before?.services, after.services);
  const flags = routeChanges(before?.flags, after.flags);
  const { kills, switches, allKilled } = after;
  const isUnchanged =
    before !== undefined &&
    services.size === 0 &&
    flags.size === 0 &&
    before.allKilled === allKilled &&
    isSame(before.kills, kills) &&
    isSame(before.switches, switches);
  return isUnchanged ? undefined : { services, flags, kills, switches, allKilled };
}

function routeChanges<Route>(
  before: ReadonlyMap<string, Route> = new Map(),
  after: ReadonlyMap<string, Route>,
): RouteChanges<Route> {
  const changes = new Map<string, Route | undefined>();
  if (before === after) return changes;
  for (const [name, route] of after) {
    if (!isSame(before.get(name), route)) changes.set(name, route);
  }
  for (const name of before.keys()) {
    if (!after.has(name)) changes.set(name, undefined);
  }
  return changes;
}

function withRoutes<Route>(
  routes: ReadonlyMap<string, Route>,
  changes: RouteChanges<Route>,
): ReadonlyMap<string, Route> {
  if (changes.size === 0) return routes;
  const next = new Map(routes);
  for (const [name, route] of changes) {
    if (route) next.set(name, route);
    else next.delete(name);
  }
  return next;
}
