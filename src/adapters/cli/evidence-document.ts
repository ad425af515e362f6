import type { Evidence } from '#adapters/cli/evidence-facts.ts';

/** One page for whoever samples releases: what was asked, who said yes before, what came of it. */
export function evidenceDocument(about: Evidence): string {
  const { request, plan, steps, entries, missing } = about;
  return [
    `# Release #${about.release}: ${plain(about.service)}, ${plain(about.from)} to ${plain(about.to)}`,
    '',
    `- Requested by ${plain(request.by)} at ${request.at}. ${plain(request.note)}`,
    `- Plan: ${plan.strategy}, guards ${plan.guards.join(', ') || 'none'}; digest ${plan.digest}`,
    `- Outcome: ${about.outcome}`,
    '',
    '## Steps and approvals',
    '',
    ...table(
      [
        'step',
        'weight',
        'entered',
        'approved by',
        'when',
        'not the requester',
        'of this plan',
        'judged',
      ],
      steps.map(({ step, weight_percent, entered, approved }) => [
        `${step}`,
        `${weight_percent} %`,
        entered ? `${entered.at} (entry ${entered.register})` : 'never',
        approved?.by ?? '',
        approved?.at ?? '',
        ...[approved?.is_not_requester, approved?.of_this_plan, approved?.judged].map(yesOrNo),
      ]),
    ),
    '',
    '## Verdicts',
    '',
    ...table(
      ['verdict', 'windows'],
      Object.entries(about.verdict_windows).map(([says, count]) => [says, `${count}`]),
    ),
    '',
    '## The register',
    '',
    ...table(
      ['entry', 'when', 'who', 'what', 'step', 'switch', 'outcome', 'reason', 'hash'],
      entries.map((entry) => [
        `${entry.seq}`,
        entry.at,
        entry.by,
        entry.killswitch ? `${entry.action} ${entry.killswitch}` : entry.action,
        entry.step ? `${entry.step.number} (${entry.step.weight_percent} %)` : '',
        entry.switch_status ?? '',
        entry.outcome,
        entry.reason,
        entry.hash,
      ]),
    ),
    '',
    '## What is missing',
    '',
    ...(missing.length > 0 ? missing.map((what) => `- ${what}`) : ['- nothing']),
    '',
    '`signalman audit verify` shows whether these entries are as they were written.',
  ].join('\n');
}

const yesOrNo = (is: boolean | undefined) => (is === undefined ? '' : is ? 'yes' : 'no');

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(plain).join(' | ')} |`);

/** What people typed stays in its cell, and nothing in it is markup. */
const plain = (text: string) =>
  text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\`*_[\]<>|#]/g, (mark) => `\\${mark}`);
