import { fromPerson } from '#adapters/words/escape.ts';
import { policyOf } from '#domain/policy/policy.ts';
import { riskOfJudging } from '#domain/policy/risk-of-judging.ts';
import { guardName, nounOf, whole } from '#domain/policy/wording.ts';
import type { Release } from '#domain/release.ts';
import type { Tally } from '#domain/verdict.ts';

/** What two people have to know before they judge a step instead of the evidence. */
export function riskWords({ facts, evidence }: Release): string {
  if (!evidence) return 'Nothing has been counted yet.';
  const { lines, largestExcess } = riskOfJudging(policyOf(facts.plan), evidence);
  const worst = lines.find((line) => line.largestExcess === largestExcess);
  if (!worst) return 'Only averages are guarded here, and no number says what they leave open.';
  const { of } = nounOf(worst.guard);
  const counts = `${countOf(worst.candidate)} ${of} of ${fromPerson(facts.candidate)} were bad by the ${guardName(worst.guard)}, and ${countOf(worst.stable)} of stable’s`;
  const excess = (100 * largestExcess).toFixed(1);
  return `In this step ${counts}. For all that is known, up to ${excess} in 100 more may be bad than allowed (at 95 %).`;
}

const countOf = ({ bad, observations }: Tally) => `${whole(bad)} of ${whole(observations)}`;
