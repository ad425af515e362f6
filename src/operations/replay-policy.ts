/**
 * Replays recorded windows through the policy as it would have judged them live. It is how people
 * tune guards on past incidents before they arm them.
 */

import type { Counts } from '#domain/evidence.ts';
import { GUARD_LIMITS, type Guard, type GuardName } from '#domain/guard.ts';
import type { Plan } from '#domain/plan.ts';
import { type EvidenceState, enterStep, openEvidence } from '#domain/policy/evidence-state.ts';
import { judge, judgePoll } from '#domain/policy/judge.ts';
import {
  NO_WORSE_THAN_STABLE,
  type Policy,
  policyOf,
  policyWithoutPlan,
} from '#domain/policy/policy.ts';
import { no, type Result, yes } from '#domain/result.ts';
import { type Instant, later } from '#domain/time.ts';
import type { Verdict } from '#domain/verdict.ts';
import { parseReplayLine, type ReplayLine } from '#operations/replay-line.ts';

export type ReplayOptions = {
  /** As on the command line: `error_rate=0.05`, `error_rate=0.05,versus_stable`. */
  readonly guards?: readonly string[];
  /** The plan of a configured service; its guards give way to those named here. */
  readonly plan?: Plan;
};

export type LineProblem = { readonly line: number; readonly problem: string };

/** One verdict line for each line of the recording, and a refusal for each that cannot be read. */
export async function* replayPolicy(
  lines: AsyncIterable<string> | Iterable<string>,
  tuning: Tuning,
): AsyncGenerator<Result<string, LineProblem>> {
  const replay = createReplay(tuning);
  for await (const text of lines) {
    const said = replay(text);
    if (said) yield said;
  }
}

export type Tuning = { readonly policy: Policy; readonly ladder: readonly number[] };

const USUAL_LADDER = [1, 5, 10, 25, 50, 100];

export function tuningFor({ guards = [], plan }: ReplayOptions): Result<Tuning, string> {
  const named: Guard[] = [];
  for (const text of guards) {
    const guard = parseGuard(text);
    if (!guard.ok) return guard;
    named.push(guard.value);
  }
  const ladder = plan?.steps.map(({ weightPercent }) => weightPercent) ?? USUAL_LADDER;
  if (plan) {
    const asked = named.length > 0 ? { ...plan, guards: named, customGuards: [] } : plan;
    // A recording holds no gauges, so own probes cannot be replayed.
    return yes({ policy: policyOf({ ...asked, customGuards: [] }), ladder });
  }
  const chosen = named.length > 0 ? named : NO_WORSE_THAN_STABLE;
  return yes({ policy: policyWithoutPlan(chosen, ladder.length), ladder });
}

/** Every trace of a recording has a state of its own. */
export function createReplay(tuning: Tuning) {
  const traces = new Map<string | number | undefined, Trace>();
  let number = 0;
  return (text: string): Result<string, LineProblem> | undefined => {
    number += 1;
    if (text.trim() === '') return undefined;
    const line = parseReplayLine(text);
    if (!line.ok) return no({ line: number, problem: line.refusal });
    const { trace } = line.value;
    const { next, verdict } = replayLine(tuning, traces.get(trace) ?? NEW_TRACE, line.value);
    traces.set(trace, next);
    return yes(written(line.value, verdict));
  };
}

type Trace = {
  /** Stable before the release; dropped once the release has begun. */
  readonly history: readonly Counts[];
  readonly state: EvidenceState | null;
  readonly step: number;
  readonly weightPercent: number;
  readonly linesInStep: number;
  readonly lastAt: Instant | null;
};

const NEW_TRACE: Trace = {
  history: [],
  state: null,
  step: 0,
  weightPercent: 0,
  linesInStep: 0,
  lastAt: null,
};

const WINDOWS_OF_DWELL = 3;

function replayLine(tuning: Tuning, trace: Trace, line: ReplayLine) {
  const { arms, at, weightPercent } = line;
  if (!trace.state && weightPercent === 0) {
    const history = arms.says === 'counted' ? [...trace.history, arms.stable] : trace.history;
    return { next: { ...trace, history, lastAt: at }, verdict: undefined };
  }
  return replayWindow(tuning, standing(tuning.policy, trace, weightPercent), line);
}

function replayWindow({ policy, ladder }: Tuning, trace: Begun, line: ReplayLine) {
  const { arms, at, weightPercent } = line;
  const { lastAt, state, step } = trace;
  const isRepeated = lastAt !== null && at <= lastAt;
  const linesInStep = trace.linesInStep + (isRepeated ? 0 : 1);
  const next = ladder.find((rung) => rung > weightPercent);
  const situation = {
    at,
    step,
    weightPercent,
    ...(next !== undefined && { nextWeightPercent: next }),
    mode: 'step',
    // Nobody tells how long a step had to last, so three windows stand for it.
    dwellOver: weightPercent > 0 && linesInStep >= WINDOWS_OF_DWELL,
    candidate: 'the candidate',
    stable: 'stable',
  } as const;
  const judged =
    arms.says === 'unknown'
      ? judge(policy, state, { ...situation, reading: arms })
      : judgePoll(policy, state, {
          ...situation,
          poll: { ...arms, from: lastAt ?? later(at, -policy.pollMs), to: at },
        });
  const kept = { ...trace, state: judged.state, linesInStep, lastAt: isRepeated ? lastAt : at };
  return { next: kept, verdict: judged.verdict };
}

type Begun = Trace & { readonly state: EvidenceState };

/** A change of weight is a change of step. */
function standing(policy: Policy, trace: Trace, weightPercent: number): Begun {
  if (!trace.state) {
    const state = openEvidence(policy, trace.history);
    return { ...trace, state, history: [], weightPercent, linesInStep: 0 };
  }
  const { state } = trace;
  if (trace.weightPercent === weightPercent) return { ...trace, state };
  const step = trace.step + 1;
  return { ...trace, state: enterStep(state, step), step, weightPercent, linesInStep: 0 };
}

function written({ trace, t }: ReplayLine, verdict: Verdict | undefined): string {
  const named = trace === undefined ? { t } : { trace, t };
  if (!verdict) return JSON.stringify({ ...named, ...BEFORE_THE_RELEASE });
  const { says, reason, words, figures } = verdict;
  const { logEvidence, lines, windows, windowsInStep, overMs } = figures;
  const evidence = {
    log_evidence: windows > 0 ? logEvidence : 0,
    windows,
    windows_in_step: windowsInStep,
    over_ms: overMs,
    lines: lines.map((line) => ({
      guard: line.guard,
      against: line.against,
      candidate: line.candidate,
      stable: line.stable,
      log_evidence: windows > 0 ? line.logEvidence : 0,
      ...(line.logGate !== undefined && { log_gate: line.logGate }),
    })),
  };
  return JSON.stringify({ ...named, verdict: says, reason, words, evidence });
}

const BEFORE_THE_RELEASE = {
  verdict: 'hold',
  reason: 'not_enough_evidence',
  words: 'History before the release: it says what is usual for stable, and nothing else.',
  evidence: {},
};

function parseGuard(text: string): Result<Guard, string> {
  const [name = '', value = ''] = text.split('=', 2).map((part) => part.trim());
  if (!isGuardName(name))
    return no(`"${name}" is no guard; known are ${Object.keys(GUARD_LIMITS).join(', ')}`);
  const parts = value.split(',').map((part) => part.trim());
  const limits = parts.filter((part) => part !== 'versus_stable');
  const limit = Number(limits[0]);
  const isReadable = limits.length === 0 || (limits.length === 1 && limits[0] !== '' && limit >= 0);
  if (!isReadable)
    return no(`"${text}" needs a limit, as in ${name}=0.05, or ${name}=versus_stable`);
  return yes({
    name,
    ...(limits.length === 1 && { limit }),
    ...(parts.includes('versus_stable') && { versusStable: { margin: 0 } }),
  });
}

const isGuardName = (name: string): name is GuardName => Object.hasOwn(GUARD_LIMITS, name);
