import type { AnswerDeps, Asking } from '#adapters/slack/inbound/deps.ts';
import { channelWords, serviceNames } from '#adapters/slack/inbound/names.ts';
import { previewLines, startWarningWords } from '#adapters/slack/inbound/proposal-words.ts';
import { askerOf } from '#adapters/slack/inbound/standing.ts';
import type { Outcome } from '#adapters/slack/inbound/steer.ts';
import { shareWords } from '#adapters/slack/views/ladder.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import type { Strategy } from '#domain/plan.ts';
import type { Release } from '#domain/release.ts';
import { yes } from '#domain/result.ts';
import { type Started, startRelease } from '#operations/start-release.ts';

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
    ...(preview ? previewLines(live.facts.plan, preview) : []),
  ].join('\n');
}

function begun({ facts, phase }: Release, place: string): string {
  const { id, service, stable, candidate, plan } = facts;
  const what = `#${id}: ${fromPerson(service)} from ${fromPerson(stable)} to ${fromPerson(candidate)}, ${plan.strategy}`;
  if (phase !== 'proposed')
    return `Started ${what}. Its first step (${shareWords(plan, 0)}) needs no approval and begins now; the card is in ${place}.`;
  return `Proposed ${what}. It is waiting for an approver who is not you; the card with the button is in ${place}.`;
}
