import type { Asker } from '#domain/actor.ts';
import { isRehearsed, rehearsalOf, rehearsedRollback, shadowOf } from '#domain/drill.ts';
import type { ChannelNotice, Effect } from '#domain/effect.ts';
import { whyNot } from '#domain/permission.ts';
import type { Plan } from '#domain/plan.ts';
import type { Refusal } from '#domain/refusal.ts';
import { type Result, yes } from '#domain/result.ts';
import type { Applied, Service } from '#domain/service.ts';
import type { Settings } from '#domain/settings.ts';
import { type Snapshot, withService } from '#domain/snapshot.ts';
import type { Clock } from '#operations/clock.ts';
import { noteDrill, refuse } from '#operations/note-drill.ts';
import { withCommit } from '#operations/publish-snapshot.ts';
import type { ChangeStore } from '#store/port.ts';
import type { Queries } from '#store/queries.ts';

export type RollbackDrillDeps = {
  readonly store: ChangeStore;
  readonly clock: Clock;
  readonly monotonicMs: () => number;
  readonly queries: Pick<Queries, 'service'>;
  readonly settings: () => Settings;
  readonly snapshots: {
    readonly current: () => Snapshot;
    readonly update: (change: (committed: Snapshot) => Snapshot) => void;
  };
  /** What agents are answered for a service; undefined when that took too long. */
  readonly trafficOf: (service: string) => Promise<Applied | undefined>;
};

export type RollbackDrill =
  | { readonly isBack: true; readonly backMs: number }
  | { readonly isBack: false; readonly why: string };

export type RollbackDrillWish = {
  readonly service: string;
  readonly by: Asker;
  readonly inboxKey: string;
};

/**
 * Rehearses a rollback with the plan that the service has: a made-up candidate gets weight 0 in a
 * copy of it that no agent asks for, is rolled back, and is read back from whoever answers agents.
 * The service itself is only read. That the channel hears of it is the last part of the drill.
 */
export async function drillRollback(
  deps: RollbackDrillDeps,
  { service: name, by, inboxKey }: RollbackDrillWish,
): Promise<Result<RollbackDrill, Refusal>> {
  const target = { service: name };
  const asked = { by, action: 'rollout_drill', target, inboxKey };
  const service = deps.queries.service(name);
  const plan = deps.settings().services.get(name)?.plan;
  const known = [...deps.settings().services.keys()];
  if (!service || !plan)
    return await refuse(deps, { code: 'unknown_service', ...target, known }, asked);
  const forbidden = whyNot(by, 'rollback') ?? whyNoDrill(service);
  if (forbidden) return await refuse(deps, forbidden, asked);

  const drill = await rehearse(deps, service, plan);
  const about = { service: name, by: by.actor };
  const notice: ChannelNotice = drill.isBack
    ? { what: 'rollback_drill', ...about, backMs: drill.backMs }
    : { what: 'rollback_drill_failed', ...about, why: drill.why };
  const owes: readonly Effect[] = [{ tell: 'channel', service: name, notice }];
  await noteDrill(deps, { ...asked, ...entryOf(drill) }, owes);
  return yes(drill);
}

/** While a release is live, nothing that looks like one may be told of the same service. */
function whyNoDrill({ name, archived, stable, live }: Service): Refusal | undefined {
  if (archived) return { code: 'service_archived', service: name };
  if (stable === undefined) return { code: 'no_stable', service: name };
  if (!live) return undefined;
  const { id: release, candidate } = live.facts;
  return { code: 'release_in_progress', release, candidate };
}

async function rehearse(
  deps: RollbackDrillDeps,
  service: Service,
  plan: Plan,
): Promise<RollbackDrill> {
  const { clock, monotonicMs, snapshots, trafficOf } = deps;
  const shadow = shadowOf(snapshots.current(), service.name);
  const publish = (state: Service) =>
    snapshots.update((snapshot) =>
      withCommit(snapshot, { aggregate: { kind: 'service', name: shadow }, state }),
    );
  const entered = rehearsalOf(service, { plan, shadow, at: clock() });
  if (!entered.ok) return failed(`it could not be started (${entered.refusal})`);
  try {
    publish(entered.value);
    const seen = await trafficOf(shadow);
    if (seen?.candidate !== entered.value.live?.facts.candidate)
      return failed('agents were not answered with the made-up candidate in time');

    const startedMs = monotonicMs();
    const back = rehearsedRollback(entered.value, clock());
    if (!back.ok) return failed(`the rollback was refused (${back.refusal})`);
    publish(back.value);
    const applied = await trafficOf(shadow);
    const backMs = Math.ceil(monotonicMs() - startedMs);
    return applied && isRehearsed(back.value, applied, clock())
      ? { isBack: true, backMs }
      : failed('traffic could not be read back as rolled back in time');
  } finally {
    snapshots.update((snapshot) => withService(snapshot, shadow, undefined));
  }
}

const failed = (why: string): RollbackDrill => ({ isBack: false, why });

function entryOf(drill: RollbackDrill) {
  return drill.isBack
    ? {
        outcome: 'done' as const,
        reason: 'rehearsed with a made-up candidate at weight 0',
        details: { back_ms: drill.backMs },
      }
    : { outcome: 'failed' as const, reason: drill.why };
}
