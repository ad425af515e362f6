/** The words of a verdict, with its numbers: what was counted, over which time, and what follows. */
import { type Finding, LOG_STOP } from '#domain/policy/assess.ts';
import type { EvidenceState } from '#domain/policy/evidence-state.ts';
import { remainingOf } from '#domain/policy/gate-outlook.ts';
import { lineByLine, type Standing } from '#domain/policy/line-by-line.ts';
import type { Place } from '#domain/policy/place.ts';
import type { Policy } from '#domain/policy/policy.ts';
import { boundOf } from '#domain/policy/weigh-line.ts';
import {
  didWhat,
  evidence,
  guardName,
  limitOf,
  limitPercent,
  minutes,
  nounOf,
  percent,
  rateOf,
  stableShare,
  whole,
} from '#domain/policy/wording.ts';
import { assert } from '#domain/result.ts';
import { logGate } from '#domain/statistics/gate.ts';
import { logShare } from '#domain/statistics/share-check.ts';
import { inWords } from '#domain/time.ts';
import type { Figures, LineFigures } from '#domain/verdict.ts';

/** The names that people know the arms by. */
export type Versions = { readonly candidate: string; readonly stable: string };

type Told = Place & Versions & { readonly figures: Figures; readonly finding: Finding };

export function explain(policy: Policy, state: EvidenceState, told: Told): string {
  const { finding } = told;
  switch (finding.says) {
    case 'stop':
      return `Stop: ${finding.reason}. ${whyStopped(policy, state, told, finding)}`;
    case 'hold':
      return `Hold: ${finding.reason}. ${whyHeld(policy, state, told, finding)}`;
    case 'allow':
      return `Allow: within_limits. ${summary(told)}`;
  }
}

type Says<S extends Finding['says']> = Extract<Finding, { says: S }>;

function whyStopped(
  policy: Policy,
  state: EvidenceState,
  told: Told,
  finding: Says<'stop'>,
): string {
  const { candidate } = told;
  switch (finding.because) {
    case 'critical_event': {
      const { guard, bad } = finding.critical;
      return `${candidate} ${nounOf(guard).did} ${whole(bad)} ${nounOf(guard).of}; for the ${guardName(guard)} one confirmed event is enough.`;
    }
    case 'all_failed': {
      const { requests, windows, stable } = state.failing;
      const others =
        stable.requests > 0
          ? `stable failed ${whole(stable.errors)} of ${whole(stable.requests)} in the same time`
          : 'there is no stable traffic to compare with';
      return `The last ${whole(requests)} requests of ${candidate}, over ${windows} windows, all failed; ${others}.`;
    }
    case 'gauge': {
      const { guard, value, brokenMs } = finding.gauge;
      return `${guardName(guard.name)} is ${value}, above its limit of ${guard.max} for ${inWords(brokenMs)}; ${inWords(guard.forMs)} are allowed. This guard stands outside the statistics.`;
    }
    case 'evidence': {
      const leading = leadingOf(policy, state, told.figures);
      return `${evidenceWords(leading, told, 'limit 100')} ${promiseOf(leading)}`;
    }
  }
}

function whyHeld(policy: Policy, state: EvidenceState, told: Told, finding: Says<'hold'>): string {
  switch (finding.because) {
    case 'split':
      return splitWords(state, told);
    case 'unreadable': {
      const { reason, detail } = finding.unknown;
      return `The metrics cannot be read (${reason}${detail ? `: ${detail}` : ''}). Missing data never means healthy.`;
    }
    case 'stale':
      return 'The last reading is too old to say anything about now. Missing data never means healthy.';
    case 'uncounted':
      return `${finding.what}. Missing data never means healthy.`;
    case 'silent':
      return silenceWords(state, told, finding.arm);
    case 'both_failed':
      return `All requests of both arms fail: ${whole(state.failing.requests)} of ${told.candidate} and ${whole(state.failing.stable.requests)} of stable. This is an incident rather than a bad candidate; somebody should look.`;
    case 'evidence':
      return evidenceWords(
        leadingOf(policy, state, told.figures),
        told,
        'from 10 on the weight is frozen, at 100 the release stops',
      );
    case 'dwell':
      return `The dwell of this step is not over. ${summary(told)}`;
    case 'few_windows':
      return `${state.windowsInStep} of ${finding.windowsMin} windows with data were seen in this step. ${summary(told)}`;
    case 'gate':
      return finding.lines.map((index) => gateWords(policy, state, told, index)).join(' ');
  }
}

/** A line as it is told to people, beside what it asks and what is remembered about it. */
type Shown = Standing & { readonly figures: LineFigures };

function shownAt(policy: Policy, state: EvidenceState, { lines }: Figures, index: number): Shown {
  const [figures, standing] = [lines[index], lineByLine(policy, state)[index]];
  assert(figures && standing, `line ${index} is one of those that were judged`);
  return { figures, ...standing };
}

function leadingOf(policy: Policy, state: EvidenceState, figures: Figures): Shown {
  assert(figures.leading !== undefined, 'where there is evidence a line leads');
  return shownAt(policy, state, figures, figures.leading);
}

/** What was counted before the rise is old merit, and would water down what happened. */
const sinceRise = ({ rise, candidate, stable }: LineFigures, overMs: number) =>
  rise ?? { candidate, stable, overMs };

function evidenceWords({ figures: line }: Shown, { figures, candidate }: Told, limit: string) {
  const seen = sinceRise(line, figures.overMs);
  const ofStable =
    seen.stable.observations > 0
      ? `; stable ${didWhat(line, seen.stable, false)} in the same time`
      : '';
  const counted = `In ${minutes(seen.overMs)} ${candidate} ${didWhat(line, seen.candidate)}${ofStable}.`;
  const capped =
    line.cap === undefined ? [] : [`Values above ${cappedAt(line.guard, line.cap)} count as that.`];
  const joint = figures.lines.length > 1 ? ` over all guards, led by ${guardName(line.guard)}` : '';
  const said = `Evidence ${evidence(figures.logEvidence)}${joint}, ${limit}.`;
  return [counted, ...capped, said].join(' ');
}

const cappedAt = (guard: string, cap: number) =>
  guard.startsWith('cost') ? `$${cap}` : `${whole(cap)} ms`;

function promiseOf(leading: Shown): string {
  const { figures } = leading;
  const promise = 'reaches the limit in at most 1 of 100 releases.';
  if (figures.against === 'stable') return `A candidate no worse than stable ${promise}`;
  const within = `A candidate within ${limitOf(figures)} ${promise}`;
  if (!isStableOver(leading)) return within;
  return `${within} Stable is no better, so the cause is probably elsewhere.`;
}

function isStableOver({ figures, line, seen }: Shown): boolean {
  const { stable } = figures.rise ?? figures;
  return stable.bad > boundOf(line, seen.view).delta * (figures.cap ?? 1) * stable.observations;
}

function splitWords({ drawn, shares }: EvidenceState, { candidate, weightPercent }: Told): string {
  assert(drawn, 'a split that is wrong was seen');
  const share = drawn.candidate / (drawn.candidate + drawn.stable);
  return `${candidate} has ${percent(share)} of ${whole(drawn.candidate + drawn.stable)} ${drawn.of} and should have ${weightPercent} %; evidence that the split is wrong ${evidence(logShare(shares))}, limit 1 000. A candidate that crashes before it counts looks healthy and missing.`;
}

function silenceWords(
  state: EvidenceState,
  { candidate }: Told,
  arm: 'candidate' | 'stable',
): string {
  if (state.traffic.requests === 0) return 'Neither version has counted a single request.';
  const name = arm === 'candidate' ? candidate : 'Stable';
  return `${name} counts nothing where about ${whole(state.silence[arm])} requests were to be expected. Missing data never means healthy.`;
}

function gateWords(policy: Policy, state: EvidenceState, told: Told, index: number): string {
  const { figures: line, ...standing } = shownAt(policy, state, told.figures, index);
  const { of } = nounOf(line.guard);
  const { typical, remainingMs } = remainingOf(policy, state, told, standing);
  const against = line.against === 'stable' ? ' against stable' : '';
  const needed = Number.isFinite(typical)
    ? `about ${whole(Math.max(1, typical))} expected to be needed`
    : 'no number would be enough, since stable itself is on the wrong side of this limit';
  const time = remainingMs === undefined ? '' : `, in about ${inWords(remainingMs)}`;
  const clusters =
    line.temper === undefined
      ? ''
      : ` Stable's come in clusters, so each counts as ${line.temper.toFixed(2)}.`;
  return `${guardName(line.guard)}${against}: ${whole(line.inStep.candidate.observations)} ${of} at ${told.weightPercent} %, ${needed}${time}; evidence ${evidence(logGate(standing.seen.gates))} of 20.${clusters}`;
}

/** A p95 of at most L says that at most 5 % are slower than L. */
const shareLimitOf = (line: LineFigures) =>
  line.slowerThan === undefined
    ? limitOf(line)
    : limitPercent(line.guard === 'latency_p99_ms' ? 0.01 : 0.05);

/** How every line stands, in a few words each. */
function summary({ figures, weightPercent }: Told): string {
  if (weightPercent === 0)
    return 'Only testers have the candidate, so there is nothing to compare.';
  if (figures.windows === 0) return 'Counting has just begun.';
  const seen = new Set<string>();
  const parts = figures.lines.flatMap((line) => {
    if (seen.has(line.guard)) return [];
    seen.add(line.guard);
    const limit = line.limit === undefined ? [] : [`limit ${shareLimitOf(line)}`];
    const stable = line.stable.observations > 0 ? [`stable ${stableShare(line, line.stable)}`] : [];
    const beside = [...limit, ...stable].join('; ');
    const slower = line.slowerThan === undefined ? '' : ` slower than ${whole(line.slowerThan)} ms`;
    const standing = `${guardName(line.guard)} ${rateOf(line, line.candidate)}${slower}`;
    return [beside ? `${standing} (${beside})` : standing];
  });
  const risk = `Evidence against it ${evidence(figures.logEvidence)}, limit ${evidence(LOG_STOP)}.`;
  return `So far: ${parts.join(', ')} in ${minutes(figures.overMs)}. ${risk}`;
}
