import type { AnswerDeps, Asking } from '#adapters/slack/inbound/deps.ts';
import { channelWords, serviceNames } from '#adapters/slack/inbound/names.ts';
import { askerOf } from '#adapters/slack/inbound/standing.ts';
import type { Outcome } from '#adapters/slack/inbound/steer.ts';
import { shareWords } from '#adapters/slack/views/ladder.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import { offerWords, spanWords, warningWords } from '#adapters/words/preview-words.ts';
import type { Strategy } from '#domain/plan.ts';
import type { PlanPreview } from '#domain/policy/planner.ts';
import { whole } from '#domain/policy/wording.ts';
import type { Release } from '#domain/release.ts';
import { yes } from '#domain/result.ts';
import { inWords } from '#domain/time.ts';
import { type Started, type StartWarning, startRelease } from '#operations/start-release.ts';

export type Proposal = {
  readonly service: string;
  readonly version: string;
  readonly strategy?: Strategy;
  readonly note: string;
};

/** `/rollout start` and the start modal: asks for a release, and says what is to be expected of it. */
export async function propose(
  deps: AnswerDeps,
  asking: Asking,
  proposal: Proposal,
): Promise<Outcome> {
  const by = await askerOf(deps, asking, 'start', proposal.service);
  const { store, clock, settings, queries } = deps;
  const outcome = await startRelease(
    { store, clock, settings, queries, serviceNames: () => serviceNames(deps) },
    { ...proposal, by, inboxKey: asking.inboxKey },
  );
  if (!outcome.ok) return outcome;
  return yes(proposedWords(outcome.value, channelWords(deps, proposal.service)));
}

function proposedWords({ state, preview, warnings }: Started, place: string): string {
  const { live } = state;
  if (!live) return `Proposed. The card in ${place} shows how it goes on.`;
  return [
    begun(live, place),
    ...warnings.map((warning) => `:warning: ${startWarningWords(warning)}`),
    ...(preview ? previewLines(live, preview) : []),
  ].join('\n');
}

function begun({ facts, phase }: Release, place: string): string {
  const { id, service, stable, candidate, plan } = facts;
  const what = `#${id}: ${fromPerson(service)} from ${fromPerson(stable)} to ${fromPerson(candidate)}, ${plan.strategy}`;
  if (phase !== 'proposed')
    return `Started ${what}. Its first step (${shareWords(plan, 0)}) needs no approval and begins now; the card is in ${place}.`;
  return `Proposed ${what}. It is waiting for an approver who is not you; the card with the button is in ${place}.`;
}

function startWarningWords(warning: StartWarning): string {
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

function previewLines({ facts }: Release, preview: PlanPreview): readonly string[] {
  const { days, steps, warnings, offers } = preview;
  const all = Number.isFinite(days.typical)
    ? `about ${spanWords(days.typical)} in all, at most ${spanWords(days.late)} for 95 of 100 healthy releases`
    : 'no end on evidence alone';
  return [
    `Expected, by the traffic of the last day: ${all}.`,
    ...steps.map(
      (step, index) =>
        `• step ${index + 1}, ${shareWords(facts.plan, index)}: about ${spanWords(step.days.typical)}, ${whole(step.keys)} users, at worst ${whole(step.worstBadPerDay)} bad requests a day`,
    ),
    ...warnings.map((warning) => `:warning: ${warningWords(warning)}`),
    ...offers.map(offerWords),
  ];
}
