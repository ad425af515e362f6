/** Each line beside what is remembered about it. */
import type { EvidenceState } from '#domain/policy/evidence-state.ts';
import type { Line } from '#domain/policy/line.ts';
import type { LineState } from '#domain/policy/line-state.ts';
import type { Policy } from '#domain/policy/policy.ts';
import { assert } from '#domain/result.ts';

export type Standing = { readonly line: Line; readonly seen: LineState };

export const lineByLine = ({ lines }: Policy, state: EvidenceState): readonly Standing[] =>
  state.lines.map((seen, index) => {
    const line = lines[index];
    assert(line?.key === seen.key, 'evidence is aligned with the policy before it is asked');
    return { line, seen };
  });
