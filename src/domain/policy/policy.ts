/** What a plan means for the evidence. It is derived whenever it is needed and never stored. */
import type { CustomGuard, Guard } from '#domain/guard.ts';
import type { Plan } from '#domain/plan.ts';
import { type Line, linesOf } from '#domain/policy/line.ts';
import { type StartWeights, startWeights } from '#domain/statistics/start-weights.ts';
import { MINUTE_MS, SECOND_MS } from '#domain/time.ts';

export type Policy = {
  readonly lines: readonly Line[];
  readonly customGuards: readonly CustomGuard[];
  readonly starts: StartWeights;
  /** As people stated it; without it each line derives its own from stable. */
  readonly riskBudget?: number;
  readonly pollMs: number;
  /** How often it is looked by now: a reload may have made that rarer than the plan foresaw. */
  readonly lookMs: number;
};

/** The usual advice of the field, for services that state no guards of their own. */
export const DEFAULT_GUARDS: readonly Guard[] = [
  { name: 'error_rate', limit: 0.05, versusStable: { margin: 0 } },
  { name: 'success_rate', limit: 0.95 },
  { name: 'latency_avg_ms', limit: 5 * SECOND_MS },
];

/** What `policy replay` asks by default: no worse than stable. */
export const NO_WORSE_THAN_STABLE: readonly Guard[] = [
  { name: 'error_rate', versusStable: { margin: 0 } },
];

/** The first block of fresh starts when no plan says how long the release will take. */
const HORIZON_POLLS_WITHOUT_PLAN = 360;
const HORIZON_POLLS_MIN = 60;

export function policyOf(plan: Plan, lookMs = plan.pollMs): Policy {
  const { guards, customGuards, steps, riskBudget, pollMs } = plan;
  const plannedSteps = steps.filter(({ weightPercent }) => weightPercent > 0).length;
  const plannedMs =
    steps.reduce((sum, { dwellMs }) => sum + dwellMs, 0) + plan.rollback.stabilityWindowMs;
  const horizonPolls = Math.max(HORIZON_POLLS_MIN, Math.ceil(plannedMs / pollMs));
  return {
    // Own probes compare nothing with stable, so they do not replace the usual advice. Not every
    // agent reports latency, and nobody asked for that guard by name.
    lines: guards.length > 0 ? linesOf(guards) : linesOf(DEFAULT_GUARDS, ['latency_avg_ms']),
    customGuards,
    starts: startWeights(plannedSteps, horizonPolls),
    pollMs,
    lookMs: Math.max(pollMs, lookMs),
    ...(riskBudget !== undefined && { riskBudget }),
  };
}

/** A policy for windows that belong to no plan. */
export function policyWithoutPlan(guards: readonly Guard[], plannedSteps: number): Policy {
  return {
    lines: linesOf(guards),
    customGuards: [],
    starts: startWeights(plannedSteps, HORIZON_POLLS_WITHOUT_PLAN),
    pollMs: MINUTE_MS,
    lookMs: MINUTE_MS,
  };
}
