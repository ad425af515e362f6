/** Expected failures travel as values; see docs/architecture.md on refusals, outages and bugs. */
export type Result<Value, Refusal> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refusal };

export const yes = <Value>(value: Value) => ({ ok: true, value }) as const;
export const no = <Refusal>(refusal: Refusal) => ({ ok: false, refusal }) as const;

/** For what the compiler cannot prove. A false invariant is a bug: it throws and nothing commits. */
export function assert(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${invariant}`);
}
