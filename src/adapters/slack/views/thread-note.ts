/** What happens to a release, told in the thread of its card. */
import { said, type View, view, withReason } from '#adapters/slack/views/blocks.ts';
import { entering, shareWords } from '#adapters/slack/views/ladder.ts';
import { approversInWords } from '#adapters/slack/views/people-words.ts';
import { verdictWords } from '#adapters/slack/views/verdict-words.ts';
import { actorWords } from '#adapters/words/actor-words.ts';
import type { ThreadNotice } from '#domain/effect.ts';
import type { ReleaseFacts } from '#domain/release.ts';
import type { People } from '#domain/settings.ts';
import { inWords } from '#domain/time.ts';
import type { Verdict } from '#domain/verdict.ts';

type Notice<What extends ThreadNotice['what']> = Extract<ThreadNotice, { what: What }>;

/** A thread is read by few; what waits for somebody to decide or to look is shown in the channel too. */
export const isForEverybody = (notice: ThreadNotice) =>
  notice.what === 'held_too_long' ||
  notice.what === 'unknown_too_long' ||
  notice.what === 'known_again' ||
  (notice.what === 'verdict_changed' && isForEyes(notice.verdict));

/** Neither is the candidate's fault alone, so somebody has to look at the whole. */
const isForEyes = ({ reason, because }: Verdict) =>
  reason === 'sample_ratio' || because === 'both_failed';

export function threadNote(facts: ReleaseFacts, notice: ThreadNotice, people?: People): View {
  switch (notice.what) {
    case 'approval_asked':
      return asked(facts, notice, people);
    case 'step_entered':
      return note(entered(facts, notice));
    case 'declined':
      return withReason(`${actorWords(notice.by)} declined.`, notice.reason);
    case 'aborted':
      return withReason(`${actorWords(notice.by)} aborted the release.`, notice.reason);
    case 'paused':
      return withReason(`${actorWords(notice.by)} paused the release.`, notice.reason);
    case 'resumed':
      return withReason(
        `${actorWords(notice.by)} resumed the release; the dwell of this step starts again.`,
        notice.reason,
      );
    case 'verdict_changed':
      return note(verdictWords(notice.verdict));
    case 'held_too_long':
      return note(
        `*Held for ${inWords(notice.heldMs)} without enough evidence; somebody should decide.* ${verdictWords(notice.verdict)}\n${wayOut(facts)}`,
      );
    case 'unknown_too_long':
      return note(
        `*No data for ${inWords(notice.unknownMs)}; somebody should look at the metrics.* ${verdictWords(notice.verdict)}\n${facts.candidate} keeps its share and goes no further; nothing is rolled back for want of data. Anyone may roll back: \`/rollout rollback ${facts.service}\`.`,
      );
    case 'known_again':
      return note(
        `*Data is back* after ${inWords(notice.unknownMs)}. ${verdictWords(notice.verdict)}`,
      );
    case 'completed':
      return note(completed(facts, notice));
    case 'watch_over':
      return note(watchOver(facts, notice));
  }
}

const note = (words: string): View => view(words, [said(words)]);

/** An edit of the card reaches nobody, so the note names those who may say yes. */
function asked(
  facts: ReleaseFacts,
  { step, by, judged }: Notice<'approval_asked'>,
  people?: People,
) {
  const who = people && approversInWords(people);
  const wish = `Waiting for an approver: ${actorWords(by)} asks to ${entering(facts, step)}.`;
  const why = judged
    ? ' *This would be a judged step*: the evidence is too thin for Signalman to say yes.'
    : '';
  const may = who ? ` May approve: ${who}.` : '';
  return note(`${wish}${why}${may} The buttons are on the card.`);
}

function entered({ plan, candidate }: ReleaseFacts, { step, by, judged }: Notice<'step_entered'>) {
  const place = `Step ${step + 1} of ${plan.steps.length}`;
  const how = judged ? `judged by ${actorWords(by)} on thin evidence` : `by ${actorWords(by)}`;
  return `*${place}: ${candidate} has ${shareWords(plan, step)}*, ${how}.`;
}

function completed({ plan, candidate, stable }: ReleaseFacts, { by, judged }: Notice<'completed'>) {
  const how = judged ? `judged by ${actorWords(by)} on thin evidence` : `by ${actorWords(by)}`;
  const last = shareWords(plan, plan.steps.length - 1);
  const kept =
    plan.holdbackPercent > 0 ? ` ${plan.holdbackPercent} % stayed on ${stable} until now.` : '';
  return `*Completed*, ${how}, after ${last}: ${candidate} is the stable version.${kept}`;
}

function watchOver({ candidate, stable, service }: ReleaseFacts, { stop }: Notice<'watch_over'>) {
  if (!stop) return `The watch is over: ${candidate} stays the stable version.`;
  return `*The watch is over, and a guard broke in it.* Nobody rolled back, so ${candidate} stays the stable version; \`/rollout rollback ${service}\` returns to ${stable}.\n${verdictWords(stop)}`;
}

const wayOut = ({ plan }: ReleaseFacts) =>
  plan.onThinEvidence === 'ask'
    ? 'An operator may press *Promote* to ask for a judged step, or anyone may roll back.'
    : 'This plan lets nobody judge on thin evidence: wait for more traffic, or roll back.';
