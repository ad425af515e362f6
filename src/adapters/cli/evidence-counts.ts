/** What both arms counted in a step, as its guards look at it, and what was said about it. */
import type { Counts } from '#domain/evidence.ts';
import type { Plan } from '#domain/plan.ts';
import { addCounts, NOTHING_COUNTED } from '#domain/policy/counting.ts';
import type { Line } from '#domain/policy/line.ts';
import { policyOf } from '#domain/policy/policy.ts';
import { binsOf, sizeOf, sumOf, tallyOf, viewOf } from '#domain/policy/sampling.ts';
import type { PastWindow } from '#store/queries.ts';

export function countsOfStep(plan: Plan, windows: readonly PastWindow[]) {
  const last = windows.at(-1);
  if (!last) return null;
  const sumOfArm = (arm: 'candidate' | 'stable') =>
    windows.map(({ window }) => window[arm]).reduce(addCounts, NOTHING_COUNTED);
  const candidate = sumOfArm('candidate');
  const stable = sumOfArm('stable');
  const said = Map.groupBy(windows, ({ says, reason }) => `${says}: ${reason}`);
  return {
    windows: windows.length,
    from: instantText(windows[0]?.window.from ?? last.window.from),
    to: instantText(last.window.to),
    requests: { candidate: candidate.requests, stable: stable.requests },
    guards: linesShown(plan).map((line) => ({
      guard: line.guard,
      ...(line.limit !== undefined && { limit: line.limit }),
      candidate: observedBy(line, candidate, stable),
      stable: observedBy(line, stable, stable),
    })),
    verdicts: Object.fromEntries([...said].map(([words, all]) => [words, all.length])),
    last_verdict: last.words,
  };
}

export type StepCounts = NonNullable<ReturnType<typeof countsOfStep>>;
export type Observed = NonNullable<ReturnType<typeof observedBy>>;

/** A guard with a limit that also compares with stable counts the same things twice. */
function linesShown(plan: Plan): readonly Line[] {
  const byGuard = Map.groupBy(policyOf(plan).lines, ({ guard }) => guard);
  return [...byGuard.values()].flatMap(
    (lines) => lines.find(({ against }) => against === 'limit') ?? lines[0] ?? [],
  );
}

/** Null where the source counted nothing of the kind. */
function observedBy(line: Line, arm: Counts, stable: Counts) {
  const view = viewOf(line, stable);
  if (!view) return null;
  if (line.measure.kind !== 'mean') {
    const tally = tallyOf(line, arm, view.gateBound, 'best');
    const slower = line.measure.kind === 'slower' && { slower_than_ms: view.gateBound };
    return tally ? { ...tally, ...slower } : null;
  }
  const bins = binsOf(line, arm, view.cap, 'middle');
  if (!bins) return null;
  const observations = sizeOf(bins);
  const mean = observations === 0 ? 0 : (sumOf(bins) * view.cap) / observations;
  return { observations, mean };
}

export const instantText = (at: number) => new Date(at).toISOString();
