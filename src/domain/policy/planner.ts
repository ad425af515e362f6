/** What a plan will ask of a service with the traffic it has: days, users, and what may go wrong. */
import type { Plan, Step } from '#domain/plan.ts';
import { gateLength } from '#domain/policy/gate-outlook.ts';
import type { Line } from '#domain/policy/line.ts';
import { openLine } from '#domain/policy/line-state.ts';
import { nextShare, type Place } from '#domain/policy/place.ts';
import { type Policy, policyOf } from '#domain/policy/policy.ts';
import { assert } from '#domain/result.ts';
import { DAY_MS } from '#domain/time.ts';

/** As measured over the last day. */
export type ServiceTraffic = {
  readonly requestsPerDay: number;
  readonly distinctKeys: number;
  readonly badRate: number;
};

/** Half of all healthy releases take at most `typical`, 95 of 100 at most `late`; infinite is never. */
export type Days = { readonly typical: number; readonly late: number };

export type StepPreview = {
  readonly weightPercent: number;
  readonly dwellMs: number;
  readonly days: Days;
  readonly keys: number;
  /** If the candidate fails every request that it gets. */
  readonly worstBadPerDay: number;
};

export type PlanWarning =
  | { readonly warns: 'slow_step'; readonly weightPercent: number; readonly days: Days }
  | { readonly warns: 'few_keys'; readonly weightPercent: number; readonly keys: number }
  | { readonly warns: 'thin_first_step'; readonly requests: number }
  | { readonly warns: 'stable_breaks_limit'; readonly guard: string; readonly badRate: number };

export type PlanOffer =
  | { readonly offers: 'shorter_ladder'; readonly weights: readonly number[]; readonly days: Days }
  | { readonly offers: 'larger_budget'; readonly riskBudget: number; readonly days: Days }
  | { readonly offers: 'judged_steps' };

export type PlanPreview = {
  readonly steps: readonly StepPreview[];
  readonly days: Days;
  readonly warnings: readonly PlanWarning[];
  readonly offers: readonly PlanOffer[];
};

const KEYS_MIN = 10;
const FIRST_STEP_REQUESTS_MIN = 100;
const POLLS_MIN = 3;
const SHORT_LADDER = [20, 50, 100];
const BUDGETS = [0.005, 0.01, 0.02, 0.03, 0.05];

export function previewPlan(plan: Plan, traffic: ServiceTraffic): PlanPreview {
  const steps = previewSteps(plan, traffic);
  const warnings = warningsOf(plan, steps, traffic);
  const isTooThin = warnings.some(({ warns }) => warns === 'slow_step' || warns === 'few_keys');
  const days = daysOf(steps);
  return { steps, days, warnings, offers: isTooThin ? offersFor(plan, traffic, days) : [] };
}

function previewSteps(plan: Plan, traffic: ServiceTraffic): StepPreview[] {
  const policy = policyOf(plan);
  // The last step of the ladder leaves the holdback on stable.
  const weights = plan.steps.map((step) =>
    Math.min(step.weightPercent, 100 - plan.holdbackPercent),
  );
  return plan.steps.map(({ dwellMs }, step) => {
    const [weightPercent = 0, nextWeightPercent] = weights.slice(step);
    const place: Place = { step, weightPercent, mode: 'step', nextWeightPercent };
    const share = weightPercent / 100;
    return {
      weightPercent,
      dwellMs,
      days: stepDays(policy, traffic, place, dwellMs),
      keys: Math.floor(traffic.distinctKeys * share),
      worstBadPerDay: Math.ceil(traffic.requestsPerDay * share),
    };
  });
}

/** A step lasts until its dwell is over and its slowest gate has passed. */
function stepDays(
  policy: Policy,
  { requestsPerDay, badRate }: ServiceTraffic,
  place: Place,
  dwellMs: number,
): Days {
  const floor = Math.max(dwellMs, POLLS_MIN * policy.pollMs) / DAY_MS;
  const next = nextShare(place);
  if (next === undefined) return { typical: floor, late: floor };
  const share = place.weightPercent / 100;
  const lengths = foreseeable(policy).map((line) => {
    const seen = openLine(line, [pastOf(badRate)]);
    const { riskBudget } = policy;
    return gateLength(line, seen, { share, nextShare: next, riskBudget });
  });
  const inDays = (requests: number) => requests / (requestsPerDay * share);
  return {
    typical: Math.max(floor, ...lengths.map(({ typical }) => inDays(typical))),
    late: Math.max(floor, ...lengths.map(({ late }) => inDays(late))),
  };
}

/** Only the rate of failed requests is known beforehand; what else is guarded must wait and see. */
const foreseeable = ({ lines }: Policy) =>
  lines.filter(({ measure }) => measure.kind === 'share' && measure.bad === 'errors');

/** A past long enough that the forecast is the measured rate. */
const pastOf = (badRate: number) => ({ requests: 1e6, errors: badRate * 1e6 });

/** Steps follow each other, and their scatter adds up in squares. */
function daysOf(steps: readonly StepPreview[]): Days {
  const typical = steps.reduce((sum, { days }) => sum + days.typical, 0);
  const scatter = Math.hypot(...steps.map(({ days }) => days.late - days.typical));
  return { typical, late: Number.isFinite(typical) ? typical + scatter : typical };
}

function warningsOf(plan: Plan, steps: readonly StepPreview[], traffic: ServiceTraffic) {
  const warnings: PlanWarning[] = [];
  const { badRate, requestsPerDay } = traffic;
  for (const line of foreseeable(policyOf(plan)))
    if (isBrokenByStable(line, badRate))
      warnings.push({ warns: 'stable_breaks_limit', guard: line.guard, badRate });
  const first = steps.find(({ weightPercent }) => weightPercent > 0);
  if (first) {
    const { weightPercent, dwellMs } = first;
    const requests = Math.round((requestsPerDay * weightPercent * dwellMs) / 100 / DAY_MS);
    if (requests < FIRST_STEP_REQUESTS_MIN) warnings.push({ warns: 'thin_first_step', requests });
  }
  for (const { weightPercent, days, dwellMs, keys } of steps) {
    if (weightPercent === 0) continue;
    if (days.typical > (2 * dwellMs) / DAY_MS && days.typical > (POLLS_MIN * plan.pollMs) / DAY_MS)
      warnings.push({ warns: 'slow_step', weightPercent, days });
    if (keys < KEYS_MIN) warnings.push({ warns: 'few_keys', weightPercent, keys });
  }
  return warnings;
}

const isBrokenByStable = (line: Line, badRate: number) =>
  line.against === 'limit' && badRate >= line.bound.delta;

function offersFor(plan: Plan, traffic: ServiceTraffic, days: Days): PlanOffer[] {
  const offers: PlanOffer[] = [];
  const daysWith = (changed: Plan) => daysOf(previewSteps(changed, traffic));
  const shorter = { ...plan, steps: shorterLadder(plan) };
  const ofLadder = daysWith(shorter);
  const isQuicker = ofLadder.typical < days.typical;
  const weights = shorter.steps.map(({ weightPercent }) => weightPercent);
  if (isQuicker) offers.push({ offers: 'shorter_ladder', weights, days: ofLadder });
  // Nobody should risk more for nothing, so a larger budget has to be quicker still.
  const [best, bestDays] = isQuicker ? [shorter, ofLadder] : [plan, days];
  const larger = BUDGETS.filter((budget) => budget > (plan.riskBudget ?? traffic.badRate / 2))
    .map((riskBudget) => ({ riskBudget, days: daysWith({ ...best, riskBudget }) }))
    .filter((offer) => offer.days.typical < bestDays.typical);
  const enough = larger.find((offer) => offer.days.late <= 10) ?? larger.at(-1);
  if (enough) offers.push({ offers: 'larger_budget', ...enough });
  if (plan.onThinEvidence === 'ask') offers.push({ offers: 'judged_steps' });
  return offers;
}

/** The small rungs cost most of the time where traffic is thin, and save few bad requests there. */
function shorterLadder({ steps }: Plan): readonly Step[] {
  const last = steps.at(-1);
  assert(last, 'a ladder has a step');
  const hasSmallRungs = steps.some(({ weightPercent }) => weightPercent > 0 && weightPercent < 20);
  if (!hasSmallRungs) return steps;
  return SHORT_LADDER.map((weightPercent) => ({
    ...(steps.find((step) => step.weightPercent >= weightPercent) ?? last),
    weightPercent,
  }));
}
