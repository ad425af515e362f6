/** The planner's estimates, warnings and offers, as sentences. */

import type { PlanOffer, PlanWarning, StepPreview } from '#domain/policy/planner.ts';
import { guardName, limitPercent, percent, whole } from '#domain/policy/wording.ts';
import { DAY_MS, inWords } from '#domain/time.ts';

const DAYS_MAX = 3_650;

/** `2 d 4 h`; beyond ten years nobody plans. */
export const spanWords = (days: number) =>
  days > DAYS_MAX ? 'no end in sight' : inWords(days * DAY_MS);

/** A step that is over within a day is told by all that it can do; a longer one by the day. */
export const worstWords = ({ days, worstBadPerDay }: StepPreview) =>
  days.typical < 1
    ? whole(Math.ceil(worstBadPerDay * days.typical))
    : `${whole(worstBadPerDay)} a day`;

export function warningWords(warning: PlanWarning): string {
  switch (warning.warns) {
    case 'slow_step':
      return `${warning.weightPercent} % will probably last ${spanWords(warning.days.typical)}, longer than planned: there is little traffic to learn from.`;
    case 'few_keys':
      return `${warning.weightPercent} % reaches only ${whole(warning.keys)} users, so a few of them decide what the numbers say.`;
    case 'thin_first_step':
      return `The first step sees about ${whole(warning.requests)} requests within its dwell; that shows only gross faults.`;
    case 'stable_breaks_limit':
      return `The stable version itself is outside of the limit on ${guardName(warning.guard)} now (${percent(warning.badRate)} are bad), so a candidate that is no better will be held or rolled back: correct the limit, or mend stable first.`;
  }
}

export function offerWords(offer: PlanOffer): string {
  switch (offer.offers) {
    case 'shorter_ladder':
      return `Faster: steps ${offer.weights.join(', ')} %, about ${spanWords(offer.days.typical)}.`;
    case 'larger_budget':
      return `Faster: a risk budget of ${limitPercent(offer.riskBudget)} a step, about ${spanWords(offer.days.typical)}.`;
    case 'judged_steps':
      return 'Where evidence stays thin, two people may judge a step once its dwell is over.';
  }
}
