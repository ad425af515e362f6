/** The one living card of a release: what it is doing, on what evidence, and what may be done now. */
import type { AnyBlock } from '@slack/types';
import { actions, heading, quoted, said, type View, view } from '#adapters/slack/views/blocks.ts';
import { cardButtons } from '#adapters/slack/views/card-buttons.ts';
import { type CardSettings, cardFacts, watched } from '#adapters/slack/views/card-facts.ts';
import { cardTitle } from '#adapters/slack/views/card-title.ts';
import { chart } from '#adapters/slack/views/chart.ts';
import { guardRows, leadingGuard } from '#adapters/slack/views/guard-words.ts';
import { headline, status } from '#adapters/slack/views/headline.ts';
import { ladderBar } from '#adapters/slack/views/ladder.ts';
import { planPreview } from '#adapters/slack/views/plan-preview.ts';
import { table } from '#adapters/slack/views/table.ts';
import { verdictWords } from '#adapters/slack/views/verdict-words.ts';
import type { EvidenceWindow } from '#domain/evidence.ts';
import type { PlanPreview } from '#domain/policy/planner.ts';
import type { Release } from '#domain/release.ts';
import type { RegisteredVersion } from '#domain/version.ts';

export type CardState = {
  readonly release: Release;
  /** Absent once the service has left the configuration. */
  readonly settings?: CardSettings;
  /** Is this the release that commands are about? Only that one has buttons. */
  readonly isCurrent: boolean;
  /** Is the version that was left behind locked now? */
  readonly isLocked: boolean;
  readonly preview?: PlanPreview;
  /** What was counted, oldest first, for the chart. */
  readonly windows?: readonly EvidenceWindow[];
  /** What the candidate's pipeline told of it. */
  readonly build?: RegisteredVersion;
};

export function releaseCard(state: CardState): View {
  const { release, settings, isCurrent, isLocked } = state;
  const { people } = settings ?? {};
  const title = cardTitle(release);
  return view(`${title}: ${status(release)}`, [
    ...heading(title),
    said(headline(release, { isLocked, ...(people && { people }) }), ladderBar(release)),
    ...reasonOf(release),
    ...evidenceOf(state),
    ...quoted('Note', release.facts.note),
    ...cardFacts(release, settings, state.build),
    ...(isCurrent ? actions(cardButtons(release)) : []),
  ]);
}

function reasonOf(release: Release): readonly AnyBlock[] {
  if (!('reason' in release)) return [];
  // The policy's reason is the verdict itself, which stands below with its numbers.
  if (release.verdict?.words === release.reason) return [];
  return quoted('Reason', release.reason);
}

/** Before there is evidence, what would be watched and what the plan would take. */
function evidenceOf({ release, preview, windows = [] }: CardState): readonly AnyBlock[] {
  const { verdict } = release;
  if (release.phase === 'aborted' || release.phase === 'declined') return [];
  if (!verdict)
    return [
      ...(preview && release.phase === 'proposed' ? planPreview(preview) : []),
      watched(release),
    ];
  const rows = guardRows(verdict).map((row) => [row.guard, row.candidate, row.stable, row.limit]);
  const { candidate, stable } = release.facts;
  const head = ['Guard', candidate, `stable ${stable}`, 'Limit'];
  // Whoever stopped it by hand did not go by the verdict, which has nothing to say any more.
  const isByHand = 'to' in release && release.by.kind !== 'policy';
  return [
    ...(isByHand ? [] : [said(verdictWords(verdict))]),
    ...(rows.length > 0 ? [table([head, ...rows], [false, true, true, false])] : []),
    ...chart({ windows, candidate, stable, guard: leadingGuard(verdict) }),
  ];
}
