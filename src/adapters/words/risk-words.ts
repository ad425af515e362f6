import { fromPerson } from '#adapters/words/escape.ts';
import { policyOf } from '#domain/policy/policy.ts';
import { riskOfJudging } from '#domain/policy/risk-of-judging.ts';
import { percent, whole } from '#domain/policy/wording.ts';
import type { Release } from '#domain/release.ts';

/** What two people have to know before they judge a step instead of the evidence. */
export function riskWords({ facts, evidence }: Release): string {
  if (!evidence) return 'Nothing has been counted yet.';
  const { lines, largestExcess } = riskOfJudging(policyOf(facts.plan), evidence);
  const [line] = lines;
  const counts = line
    ? `In this step ${fromPerson(facts.candidate)} counted ${whole(line.candidate.observations)} observations, stable ${whole(line.stable.observations)}. `
    : '';
  return `${counts}For all that is known, the candidate may be bad ${percent(largestExcess)} more often than allowed (at 95 %).`;
}
