/** What a proposal would cost: how long each step is likely to last, whom it meets, and the worst. */
import type { KnownBlock } from '@slack/types';
import { small } from '#adapters/slack/views/blocks.ts';
import { table } from '#adapters/slack/views/table.ts';
import { offerWords, spanWords, warningWords, worstWords } from '#adapters/words/preview-words.ts';
import type { PlanPreview } from '#domain/policy/planner.ts';
import { whole } from '#domain/policy/wording.ts';

const HEAD = ['Share', 'Lasts about', 'Users', 'Bad requests at worst'];
const STEPS_MAX = 40;

export function planPreview(preview: PlanPreview): readonly KnownBlock[] {
  const rows = preview.steps
    .slice(0, STEPS_MAX)
    .map((step) => [
      step.weightPercent === 0 ? 'testers' : `${step.weightPercent} %`,
      spanWords(step.days.typical),
      whole(step.keys),
      step.weightPercent === 0 ? 'those of testers' : worstWords(step),
    ]);
  const notes = [
    ...preview.warnings.map((warning) => `:warning: ${warningWords(warning)}`),
    ...preview.offers.map(offerWords),
  ];
  return [
    small(`By the traffic of the last day, all steps together ${lasts(preview)}:`),
    table([HEAD, ...rows], [true, true, true, true]),
    ...(notes.length > 0 ? [small(...notes)] : []),
  ];
}

function lasts({ days }: PlanPreview): string {
  if (!Number.isFinite(days.typical)) return 'cannot pass on evidence alone';
  const [typical, late] = [spanWords(days.typical), spanWords(days.late)];
  const about = `last about ${typical}`;
  return late === typical ? about : `${about}, and 95 of 100 healthy releases at most ${late}`;
}
