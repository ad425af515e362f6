import { givesFlagMore, givesServiceMore, letsAgentsGo } from '#domain/exposure.ts';
import type { Flag } from '#domain/flag.ts';
import type { KillSwitch } from '#domain/killswitch.ts';
import type { Refusal } from '#domain/refusal.ts';
import { no } from '#domain/result.ts';
import type { Service } from '#domain/service.ts';
import { refused } from '#operations/refused-entry.ts';
import type { AggregateKind, Aggregates, ChangeStore } from '#store/port.ts';

/**
 * While there is a reason, no change gets through that would give agents more, whoever wants it and
 * by whatever way: all of them are written here. Whatever takes something back gets through as ever.
 */
export function withholdExposure(
  store: ChangeStore,
  whyNot: () => Refusal | undefined,
): ChangeStore {
  return {
    ...store,
    change: (aggregate, decide, request) =>
      store.change(
        aggregate,
        (state) => {
          const decision = decide(state);
          const refusal = whyNot();
          if (!refusal || !decision.ok || !givesMore(aggregate.kind, state, decision.value.next))
            return decision;
          const { audit } = decision.value;
          return no(audit ? refused(refusal, audit) : { refusal });
        },
        request,
      ),
  };
}

type State = Aggregates[AggregateKind];

function givesMore(kind: AggregateKind, before: State, next: State): boolean {
  // The kind names the type of the state, a link between two unions that types cannot follow.
  switch (kind) {
    case 'service':
      return givesServiceMore(before as Service | undefined, next as Service);
    case 'flag':
      return givesFlagMore(before as Flag, next as Flag);
    case 'killswitch':
      return letsAgentsGo(before as KillSwitch, next as KillSwitch);
    case 'version':
    case 'register':
    case 'reviews':
    case 'roles':
      return false;
  }
}
