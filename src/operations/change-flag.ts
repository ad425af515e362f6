import { decideFlag, type Flag, type FlagIntent } from '#domain/flag.ts';
import { isFlagKey } from '#domain/name.ts';
import type { Refusal } from '#domain/refusal.ts';
import { no, type Result } from '#domain/result.ts';
import type { Clock } from '#operations/clock.ts';
import { refused } from '#operations/refused-entry.ts';
import { requestOf } from '#operations/request-of.ts';
import type { ChangeStore, Committed } from '#store/port.ts';

export type FlagDeps = { readonly store: ChangeStore; readonly clock: Clock };

export type FlagWish = {
  readonly key: string;
  readonly intent: FlagIntent;
  readonly inboxKey?: string;
};

/** Sets, allows, archives, approves: everything that happens to a flag. */
export function changeFlag(
  { store, clock }: FlagDeps,
  { key, intent, inboxKey }: FlagWish,
): Promise<Result<Committed<Flag>, Refusal>> {
  const at = clock();
  const asked = { at, actor: intent.by.actor, action: `flag_${intent.to}`, target: { flag: key } };
  return store.change(
    { kind: 'flag', name: key },
    (flag) => {
      if (!isFlagKey(key)) return no(refused({ code: 'bad_name', name: key, kind: 'flag' }, asked));
      const decision = decideFlag(flag, intent, at);
      return decision.ok ? decision : no(refused(decision.refusal, asked));
    },
    { ...requestOf({ by: intent.by, inboxKey }, at), ...(isOff(intent) && { isStop: true }) },
  );
}

const isOff = (intent: FlagIntent) => intent.to === 'set' && intent.value.state === 'off';
