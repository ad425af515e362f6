import { decideKill, type KillIntent, type KillSwitch, untouched } from '#domain/killswitch.ts';
import { isName } from '#domain/name.ts';
import { whyNot } from '#domain/permission.ts';
import type { Refusal } from '#domain/refusal.ts';
import { no, type Result } from '#domain/result.ts';
import type { Clock } from '#operations/clock.ts';
import { refused } from '#operations/refused-entry.ts';
import type { ChangeStore, Committed } from '#store/port.ts';

export type KillDeps = {
  readonly store: ChangeStore;
  readonly clock: Clock;
  readonly override: KillOverride;
};

/** Kills that agents obey before anything else can fail; see adapters/agents/snapshot-holder.ts. */
export type KillOverride = {
  readonly killNow: (name: string) => void;
  readonly revision: () => number;
  /** Forgets an override set at or before this revision, once switching off is durable. */
  readonly liftKill: (name: string, asOfRevision: number) => void;
};

export type KillWish = {
  readonly name: string;
  readonly intent: KillIntent;
  readonly inboxKey?: string;
};

/**
 * The kill path. A kill acts in memory before it is committed, because a full disk or a locked
 * database must not keep agents running; switching off is only believed once it is durable.
 */
export async function throwKillSwitch(
  { store, clock, override }: KillDeps,
  { name, intent, inboxKey }: KillWish,
): Promise<Result<Committed<KillSwitch>, Refusal>> {
  const at = clock();
  if (intent.to === 'on' && isName(name) && !isForbidden(name, intent, at)) override.killNow(name);
  const revision = override.revision();
  const asked = {
    at,
    actor: intent.by.actor,
    action: `kill_${intent.to}`,
    target: { killswitch: name },
  };
  const outcome = await store.change(
    { kind: 'killswitch', name },
    (killSwitch) => {
      if (!isName(name)) return no(refused({ code: 'bad_name', name, kind: 'killswitch' }, asked));
      const decision = decideKill(killSwitch, intent, at);
      return decision.ok ? decision : no(refused(decision.refusal, asked));
    },
    { at, ...(inboxKey !== undefined && { inboxKey }) },
  );
  if (isOffOnFile(outcome, intent)) override.liftKill(name, revision);
  return outcome;
}

/**
 * Only what the file says lifts an override: it was switched off just now, it was off although a
 * kill that could not be written down still acts, or a kill that is over was delivered again.
 */
function isOffOnFile(outcome: Result<Committed<KillSwitch>, Refusal>, { to }: KillIntent): boolean {
  if (!outcome.ok) return outcome.refusal.code === 'already_off';
  const { state, repeated } = outcome.value;
  return !state.isOn && (to === 'off' ? !repeated : repeated);
}

/** The same rules as the commit's, asked of a switch that is off, so that nothing is read first. */
function isForbidden(name: string, intent: KillIntent, at: ReturnType<Clock>): boolean {
  return whyNot(intent.by, 'kill_on') !== undefined || !decideKill(untouched(name), intent, at).ok;
}
