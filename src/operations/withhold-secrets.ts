import { no, yes } from '#domain/result.ts';
import type { ChangeStore } from '#store/port.ts';

/** Takes our secrets out of a text, or out of every text in a value, which else stays the same. */
export type Scrub = <Value>(value: Value) => Value;

/**
 * What somebody typed may hold a secret, and the register keeps it for good. So all that is written
 * is scrubbed here, whoever typed it and by whatever way: what is hashed is the scrubbed text. So is
 * the key of a request, which callers over HTTP choose.
 */
export function withholdSecrets(store: ChangeStore, scrub: Scrub): ChangeStore {
  return {
    ...store,
    change: (aggregate, decide, request) =>
      store.change(
        aggregate,
        (state) => {
          const decision = decide(state);
          return decision.ok ? yes(scrub(decision.value)) : no(scrub(decision.refusal));
        },
        scrub(request),
      ),
  };
}
