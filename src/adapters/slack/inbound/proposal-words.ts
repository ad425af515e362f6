/** What is to be expected of a release, for whoever is about to propose it or just has. */
import { shareWords } from '#adapters/slack/views/ladder.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import { offerWords, spanWords, warningWords, worstWords } from '#adapters/words/preview-words.ts';
import type { Plan } from '#domain/plan.ts';
import type { PlanPreview } from '#domain/policy/planner.ts';
import { whole } from '#domain/policy/wording.ts';
import { needsApproval } from '#domain/release.ts';
import { inWords } from '#domain/time.ts';
import type { StartWarning } from '#operations/start-release.ts';

export function startWarningWords(warning: StartWarning): string {
  switch (warning.what) {
    case 'unheard_version': {
      const { version, meant } = warning;
      const hint = meant === undefined ? '' : ` Did you mean ${fromPerson(meant)}?`;
      return `Nobody has registered or reported ${fromPerson(version)} yet.${hint} If it is right, never mind; if not, have the proposal declined or abort it.`;
    }
    case 'short_dwell':
      return `Step ${warning.step} lasts only ${inWords(warning.dwellMs)}, less than three looks at the metrics (one each ${inWords(warning.pollMs)}). It will last longer.`;
    case 'no_shared_traffic':
      return 'Blue-green begins with testers and then gives everybody the new version at once. Without shared traffic there is nothing to compare, so only absolute limits can speak.';
  }
}

/** How long each step lasts, whom it meets, and the worst that it can do. */
export function previewLines(plan: Plan, preview: PlanPreview): readonly string[] {
  const { days, steps, warnings, offers } = preview;
  const all = Number.isFinite(days.typical)
    ? `about ${spanWords(days.typical)} in all, at most ${spanWords(days.late)} for 95 of 100 healthy releases`
    : 'no end on evidence alone';
  return [
    `Expected, by the traffic of the last day: ${all}.`,
    ...steps.map(
      (step, index) =>
        `• step ${index + 1}, ${shareWords(plan, index)}: about ${spanWords(step.days.typical)}, ${whole(step.keys)} users, bad requests at worst: ${worstWords(step)}`,
    ),
    ...warnings.map((warning) => `:warning: ${warningWords(warning)}`),
    ...offers.map(offerWords),
  ];
}

/** Without measured traffic nothing can be foreseen but what the plan itself says. */
export const planLines = (plan: Plan): readonly string[] => [
  ...plan.steps.map(
    ({ dwellMs }, index) =>
      `• step ${index + 1}, ${shareWords(plan, index)}: at least ${inWords(dwellMs)}`,
  ),
  'No traffic was measured in the last day, so how long it will really take cannot be foreseen.',
];

/** Which steps a second person has to say yes to. */
export function approvalWords(plan: Plan): string {
  const asked = plan.steps
    .map((_, step) => step)
    .filter((step) => needsApproval(plan, step))
    .map((step) => shareWords(plan, step));
  if (asked.length === 0) return 'No step needs an approval: it begins as soon as you propose it.';
  return asked.length === plan.steps.length
    ? 'Somebody else has to approve each step.'
    : `Somebody else has to approve ${asked.join(', ')}.`;
}
