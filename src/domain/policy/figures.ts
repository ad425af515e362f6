/** The numbers a person needs to recompute a verdict. */
import type { EvidenceState } from '#domain/policy/evidence-state.ts';
import type { Line } from '#domain/policy/line.ts';
import { lineByLine } from '#domain/policy/line-by-line.ts';
import { type LineState, lineLogEvidence } from '#domain/policy/line-state.ts';
import { hasStableArm, nextShare, type Place } from '#domain/policy/place.ts';
import type { Policy } from '#domain/policy/policy.ts';
import type { Arms, Tally } from '#domain/statistics/bet.ts';
import { combineEvidence } from '#domain/statistics/combine.ts';
import { logGate } from '#domain/statistics/gate.ts';
import type { Figures, LineFigures } from '#domain/verdict.ts';

export function figuresOf(policy: Policy, state: EvidenceState, place: Place): Figures {
  const standings = lineByLine(policy, state);
  const lines = standings.map(({ line, seen }) => lineFigures(line, seen, place));
  const weighted = standings.map(({ line, seen }) => ({
    weight: line.weight,
    logEvidence: lineLogEvidence(seen),
  }));
  const leading = leadingOf(weighted);
  return {
    logEvidence: combineEvidence(weighted),
    lines,
    ...(state.windows > 0 && leading !== undefined && { leading }),
    windows: state.windows,
    windowsInStep: state.windowsInStep,
    overMs: state.overMs,
  };
}

/** Must this line pass its gate before more traffic is given? */
export function isAsked(line: Line, seen: LineState, place: Place): boolean {
  if (nextShare(place) === undefined || !line.isAskedByGate) return false;
  if (line.against === 'stable' && !hasStableArm(place)) return false;
  return !line.isOptional || seen.total.candidate.observations > 0;
}

function lineFigures(line: Line, seen: LineState, place: Place): LineFigures {
  const { measure, guard, against, limit } = line;
  const { view, total, rise, inStep } = seen;
  // People wrote milliseconds and dollars, so the shares of the cap are turned back into them.
  const cap = measure.kind === 'mean' ? view?.cap : undefined;
  const inUnits = (tally: Tally) =>
    cap === undefined ? tally : { observations: tally.observations, bad: tally.bad * cap };
  const both = ({ candidate, stable }: Arms) => ({
    candidate: inUnits(candidate),
    stable: inUnits(stable),
  });
  const slowerThan = measure.kind === 'slower' ? view?.bounds.at(-1) : undefined;
  return {
    guard,
    against,
    ...both(total),
    ...(rise.log > 0 && { rise: { ...both(rise.arms), overMs: rise.overMs } }),
    inStep: both(inStep),
    ...(limit !== undefined && against === 'limit' && { limit }),
    ...(slowerThan !== undefined && { slowerThan }),
    ...(cap !== undefined && { cap }),
    ...(seen.temper < 1 && { temper: seen.temper }),
    logEvidence: lineLogEvidence(seen),
    ...(isAsked(line, seen, place) && { logGate: logGate(seen.gates) }),
  };
}

/** The line that weighs most; none before the first window. */
export const leadingLine = ({ lines, leading = -1 }: Figures): LineFigures | undefined =>
  lines[leading];

function leadingOf(lines: readonly { weight: number; logEvidence: number }[]): number | undefined {
  let leading: number | undefined;
  let most = Number.NEGATIVE_INFINITY;
  lines.forEach(({ weight, logEvidence }, index) => {
    const log = Math.log(weight) + logEvidence;
    if (log > most) [most, leading] = [log, index];
  });
  return leading;
}
