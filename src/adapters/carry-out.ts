import { POLICY, trusted } from '#domain/actor.ts';
import type { Effect } from '#domain/effect.ts';
import { type EscalateDeps, escalate } from '#operations/escalate.ts';
import type { CarryOut } from '#operations/reconcile.ts';
import { type SyncTrafficDeps, syncTraffic } from '#operations/sync-traffic.ts';
import { type KillDeps, throwKillSwitch } from '#operations/throw-kill-switch.ts';

export type CarryOutDeps = SyncTrafficDeps & KillDeps & EscalateDeps & { readonly slack: CarryOut };

/** Sends each effect to whoever carries it out. */
export function createCarryOut(deps: CarryOutDeps): CarryOut {
  return async (effect, owed) => {
    if ('sync' in effect && effect.sync === 'traffic') await syncTraffic(deps, effect.service);
    else if ('sync' in effect && effect.sync === 'escalation')
      await escalate(deps, effect.release, owed);
    else if ('throw' in effect) await throwForRollback(deps, effect);
    else await deps.slack(effect, owed);
  };
}

/** A switch that is on already is as good: what is owed is that it is on. */
async function throwForRollback(
  deps: CarryOutDeps,
  { name, release }: Extract<Effect, { throw: 'killswitch' }>,
): Promise<void> {
  await throwKillSwitch(deps, {
    name,
    intent: {
      to: 'on',
      by: trusted(POLICY),
      reason: `thrown together with the rollback of release #${release}`,
      becauseOfRelease: release,
    },
    inboxKey: `rollback:${release}:${name}`,
  });
}
