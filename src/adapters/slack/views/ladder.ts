/** The ladder of weights: where a release stands on it, and what each rung is called. */
import type { Plan } from '#domain/plan.ts';
import { isServing, type Release, type ReleaseFacts, weightAt } from '#domain/release.ts';

/** `5 %`, or who has it where there is no share of traffic. */
export const shareWords = (plan: Plan, step: number) =>
  isTestersOnly(plan, step) ? 'testers only' : `${weightAt(plan, step)} %`;

/** `give 5 % of traffic to 2.4.0`: what a yes to this step does. */
export const entering = ({ plan, candidate }: ReleaseFacts, step: number) =>
  isTestersOnly(plan, step)
    ? `let the testers have ${candidate}`
    : `give ${weightAt(plan, step)} % of traffic to ${candidate}`;

const isTestersOnly = (plan: Plan, step: number) => weightAt(plan, step) === 0;

/** `▰▰▱▱  1 › *5* › 25 › 100 %`: one cell a rung, the present one bold. */
export function ladderBar(release: Release): string {
  const { plan } = release.facts;
  const present = isServing(release) ? release.step : undefined;
  const climbed = release.phase === 'completed' ? plan.steps.length : (present ?? -1) + 1;
  const cells = plan.steps.map((_, step) => (step < climbed ? '▰' : '▱')).join('');
  const rungs = plan.steps.map((_, step) => {
    const weight = isTestersOnly(plan, step) ? 'testers' : String(weightAt(plan, step));
    return step === present ? `*${weight}*` : weight;
  });
  return `${cells}  ${rungs.join(' › ')} %`;
}
