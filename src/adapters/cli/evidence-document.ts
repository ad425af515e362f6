import type { Observed, StepCounts } from '#adapters/cli/evidence-counts.ts';
import type { EvidenceEntry } from '#adapters/cli/evidence-entries.ts';
import type { Evidence, Exception } from '#adapters/cli/evidence-findings.ts';
import { phaseWords } from '#adapters/words/phase-words.ts';
import { guardName, percent, whole } from '#domain/policy/wording.ts';

/** For whoever samples releases: what was asked, who said yes before, what came of it, what is odd. */
export function evidenceDocument(about: Evidence): string {
  const { exceptions, missing, meanwhile, entries, register } = about;
  return [
    `# Release #${about.release}: ${plain(about.service)}, ${plain(about.from)} to ${plain(about.to)}`,
    '',
    ...summary(about),
    '',
    '## Emergencies and exceptions',
    '',
    ...(exceptions.length > 0
      ? table(
          ['when', 'what', 'who', 'why', 'entry', 'review'],
          exceptions.map(({ at, what, by, reason, register: entry, review }) => [
            at,
            what,
            by,
            reason,
            `${entry ?? ''}`,
            reviewWords(review),
          ]),
        )
      : ['None.']),
    '',
    '## What is missing',
    '',
    ...(missing.length > 0 ? missing.map((what) => `- ${plain(what)}`) : ['Nothing.']),
    '',
    '## Steps and approvals',
    '',
    ...stepTable(about),
    '',
    '## What was counted',
    '',
    'Each table counts its step alone; verdicts count from the start of the release.',
    '',
    ...about.steps.flatMap(({ step, weight_percent, counted }) =>
      counted ? countedLines(`Step ${step}, ${weight_percent} %`, counted) : [],
    ),
    '## Entries of the register about this release',
    '',
    ...entryTable(entries),
    '',
    '## Kill switches and the register itself meanwhile',
    '',
    'Kill switches belong to no release, so all that were thrown by hand in its time are listed.',
    '',
    ...(meanwhile.length > 0 ? entryTable(meanwhile) : ['None.']),
    '',
    '## Is the register as it was written?',
    '',
    ...register.lines.map((line) => `- ${plain(line)}`),
    '',
    'Signalman checked itself here. To check it without trusting it, export the register with `signalman audit export`, and run `scripts/verify-audit.mjs` with a checkpoint and a key that were kept elsewhere.',
  ].join('\n');
}

function reviewWords(review: Exception['review']): string {
  if (!review) return '';
  if ('waits_since' in review) return `waits since ${review.waits_since}`;
  return `${review.by} at ${review.at} (entry ${review.register}): ${review.note}`;
}

function summary({ request, version, plan, outcome }: Evidence): readonly string[] {
  const built = version && [
    `commit ${version.commit ?? 'not told'}`,
    `digest ${version.digest ?? 'not told'}`,
    `changes ${version.link ?? 'not told'}`,
    `written by ${version.authors.join(', ') || 'not told'}`,
    `registered by ${version.registered.by} at ${version.registered.at}`,
  ];
  return [
    `- The release ${phaseWords(outcome)}.`,
    `- Requested by ${plain(request.by)} at ${request.at}: ${plain(request.note || 'no note')}`,
    `- Version: ${plain(built?.join('; ') ?? 'never registered by a pipeline')}`,
    `- Plan: ${plan.strategy}, digest ${plan.digest}`,
    ...plan.guards.map((guard) => `- Guard: ${plain(guard)}`),
    `- Back-out: ${plain(backOutWords(plan.back_out))}`,
    '',
    'People are named by their Slack IDs; all times are in UTC.',
  ];
}

function backOutWords({ to, mode, lock_candidate, kill }: Evidence['plan']['back_out']): string {
  const by = mode === 'auto' ? 'by the policy itself' : 'by the policy, which asks people first';
  return [
    `all traffic to ${to}, ${by} or at any time by any full member`,
    ...(kill.length > 0 ? [`the kill switches ${kill.join(', ')} thrown with it`] : []),
    ...(lock_candidate ? ['the candidate locked afterwards'] : []),
  ].join('; ');
}

const stepTable = ({ steps }: Evidence) =>
  table(
    [
      'step',
      'weight',
      'approved by',
      'when',
      'not the requester',
      'of this plan',
      'judged',
      'entered',
      'traffic read back',
    ],
    steps.map(({ step, weight_percent, approved, entered, applied }) => [
      `${step}`,
      `${weight_percent} %`,
      approved?.by ?? '',
      approved?.at ?? '',
      ...[approved?.is_not_requester, approved?.of_this_plan, approved?.judged].map(yesOrNo),
      entered ? `${entered.at} (entry ${entered.register})` : 'never',
      applied ? `${applied.at} (entry ${applied.register})` : '',
    ]),
  );

function countedLines(title: string, counted: StepCounts): readonly string[] {
  const { windows, from, to, guards, verdicts, last_verdict } = counted;
  const said = Object.entries(verdicts).map(([says, count]) => `${says} (${count})`);
  return [
    `### ${title}`,
    '',
    `${windows} windows from ${from} to ${to}. Verdicts: ${plain(said.join(', '))}. The last one: ${plain(last_verdict)}`,
    '',
    ...table(
      ['guard', 'candidate', 'stable'],
      guards.map(({ guard, candidate, stable }) => [
        guardName(guard),
        observedWords(candidate),
        observedWords(stable),
      ]),
    ),
    '',
  ];
}

/** `12 bad of 400 (3.0 %)`, or an average. */
function observedWords(observed: Observed | null): string {
  if (!observed) return 'not counted';
  const of = whole(observed.observations);
  if ('mean' in observed) return `${Number(observed.mean.toPrecision(3))} on average over ${of}`;
  const { bad, observations, slower_than_ms: ms } = observed;
  const share = observations > 0 ? ` (${percent(bad / observations)})` : '';
  return `${whole(bad)} ${ms === undefined ? 'bad' : `slower than ${whole(ms)} ms`} of ${of}${share}`;
}

const entryTable = (entries: readonly EvidenceEntry[]) =>
  table(
    ['entry', 'when', 'who', 'asked in', 'what', 'step', 'switch', 'outcome', 'reason', 'hash'],
    entries.map(({ seq, at, by, action, target, step, outcome, reason, hash, ...entry }) => [
      `${seq}`,
      at,
      by,
      originWords(entry.origin),
      target.killswitch ? `${action} ${target.killswitch}` : action,
      step ? `${step.number} (${step.weight_percent} %)` : '',
      entry.switch_status ?? '',
      outcome,
      reason,
      hash,
    ]),
  );

/** The channel and the message are those that Slack itself knows by these names. */
const originWords = (origin: EvidenceEntry['origin']) =>
  origin ? [origin.via, origin.channel, origin.message].filter(Boolean).join(' ') : '';

const yesOrNo = (is: boolean | undefined) => (is === undefined ? '' : is ? 'yes' : 'no');

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(plain).join(' | ')} |`);

/** What people typed stays in its cell, and nothing in it is markup. */
const plain = (text: string) =>
  text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\`*_[\]<>|#]/g, (mark) => `\\${mark}`);
