import { VIEWS } from '#adapters/slack/action-ids.ts';
import {
  readButtonValue,
  readKillButtonValue,
  readReviewButtonValue,
} from '#adapters/slack/button-value.ts';
import { enteredIn, type Submission } from '#adapters/slack/inbound/deliveries.ts';
import type { AnswerDeps, Asking } from '#adapters/slack/inbound/deps.ts';
import { kill } from '#adapters/slack/inbound/kill.ts';
import {
  confirmKillModal,
  killEntered,
  switchEntered,
} from '#adapters/slack/inbound/modals/kill-modal.ts';
import { resultModal } from '#adapters/slack/inbound/modals/result-modal.ts';
import { foundModal, searchIn } from '#adapters/slack/inbound/modals/search-modals.ts';
import { usualName } from '#adapters/slack/inbound/names.ts';
import type { FormAnswer } from '#adapters/slack/inbound/on-submission.ts';
import { propose } from '#adapters/slack/inbound/propose.ts';
import { refusedWords } from '#adapters/slack/inbound/refused.ts';
import { review } from '#adapters/slack/inbound/review.ts';
import { steer } from '#adapters/slack/inbound/steer.ts';
import { waitWords } from '#adapters/slack/inbound/wait-words.ts';
import { writeDown } from '#adapters/slack/inbound/write-down.ts';
import { withPermalink } from '#adapters/slack/permalink.ts';
import { asTyped, unescapeMrkdwn } from '#adapters/words/escape.ts';
import { STRATEGIES } from '#domain/plan.ts';
import type { Refusal } from '#domain/refusal.ts';

/** Answers a form that was sent: with errors beside its fields, or with what came of it. */
export async function answerSubmission(
  deps: AnswerDeps,
  submission: Submission,
  asking: Asking,
): Promise<FormAnswer> {
  const callback = submission.view.callback_id;
  const waitMs = deps.limits.waitMs(asking.person.userId, STOPS.has(callback) ? 'stop' : 'other');
  if (waitMs > 0) return shown(waitWords(waitMs));
  switch (callback) {
    case VIEWS.start:
      return await start(deps, submission, asking);
    case VIEWS.kill:
      return await killByForm(deps, submission, asking);
    case VIEWS.rollbackReason:
      return await rollBackForReason(deps, submission, asking);
    case VIEWS.search:
      return await search(deps, submission, asking);
    case VIEWS.review:
      return await reviewed(deps, submission, asking);
    case VIEWS.decline:
    case VIEWS.unlock:
      return await withReason(deps, submission, asking);
    default:
      return shown('This form is of an older kind. Please open it again.');
  }
}

const STOPS: ReadonlySet<string> = new Set([VIEWS.kill, VIEWS.rollbackReason]);

async function start(
  deps: AnswerDeps,
  submission: Submission,
  asking: Asking,
): Promise<FormAnswer> {
  const entered = (field: string) => enteredIn(submission.view, field);
  const strategy = STRATEGIES.find((one) => one === entered('strategy'));
  const outcome = await propose(deps, asking, {
    service: usualName(deps, entered('service').toLowerCase()),
    version: entered('version'),
    note: asTyped(entered('note')),
    ...(strategy && { strategy }),
  });
  return outcome.ok ? shown(outcome.value) : refusedIn(deps, START_FIELDS, outcome.refusal);
}

async function killByForm(
  deps: AnswerDeps,
  submission: Submission,
  asking: Asking,
): Promise<FormAnswer> {
  const confirmed = readKillButtonValue(submission.view.private_metadata);
  const wish = confirmed
    ? { name: confirmed.killswitch, reason: confirmed.reason }
    : readKillForm(deps, submission);
  if ('errors' in wish) return { response_action: 'errors', errors: wish.errors };
  const outcome = await kill(deps, asking, { ...wish, confirmed: confirmed !== undefined });
  if (!outcome.ok) return refusedIn(deps, KILL_FIELDS, outcome.refusal);
  if (outcome.value.what === 'killed') return shown(outcome.value.words);
  const view = confirmKillModal({ killswitch: wish.name, reason: wish.reason });
  return { response_action: 'update', view };
}

function readKillForm(deps: AnswerDeps, { view }: Submission) {
  const entered = killEntered(view);
  if (entered.chosen && entered.typed)
    return { errors: { other: 'Choose one above or type one here, not both.' } };
  const name = switchEntered(deps, entered);
  if (!name) return { errors: { other: 'Which switch? Choose one above or type its name.' } };
  return { name, reason: asTyped(enteredIn(view, 'reason')) };
}

/** The reason ends with a link to the message, so that whoever asks why can read on. */
async function rollBackForReason(
  deps: AnswerDeps,
  { view }: Submission,
  asking: Asking,
): Promise<FormAnswer> {
  const service = usualName(deps, enteredIn(view, 'service').toLowerCase());
  const typed = asTyped(enteredIn(view, 'reason'));
  const reason = withPermalink(typed, view.private_metadata || undefined);
  const outcome = await steer(deps, asking, service, { to: 'rollback', reason });
  return outcome.ok ? shown(outcome.value) : refusedIn(deps, ROLLBACK_FIELDS, outcome.refusal);
}

/** Reading the register takes a full member; Slack being away is no reason to show it to anybody. */
async function search(
  deps: AnswerDeps,
  { view }: Submission,
  { person }: Asking,
): Promise<FormAnswer> {
  const { membership } = await deps.directory.lookUp(person.userId, person.teamId, LOOK_UP);
  if (membership !== 'full') return shown(MEMBERS_ONLY);
  const wanted = searchIn(view);
  if (wanted.from && wanted.to && wanted.to < wanted.from)
    return { response_action: 'errors', errors: { to: 'This day is before the first one.' } };
  return { response_action: 'update', view: foundModal(deps, wanted) };
}

const LOOK_UP = { fresh: false, withinMs: 1_500 };
const MEMBERS_ONLY =
  'The register is shown to full members of this workspace only, and Slack did not say that you are one. If you are, please try again in a minute.';

async function withReason(
  deps: AnswerDeps,
  submission: Submission,
  asking: Asking,
): Promise<FormAnswer> {
  const value = readButtonValue(submission.view.private_metadata);
  const reason = asTyped(enteredIn(submission.view, 'reason'));
  if (!value) {
    const refusal = { code: 'plan_changed' } as const;
    await writeDown(deps, asking, refusal, { action: submission.view.callback_id, target: {} });
    return refusedIn(deps, REASON_FIELDS, refusal);
  }
  const { service, release, version = '' } = value;
  const outcome =
    submission.view.callback_id === VIEWS.decline
      ? await steer(deps, asking, service, { to: 'decline', release, reason })
      : await steer(deps, asking, service, { to: 'unlock', version, reason });
  if (!outcome.ok) return refusedIn(deps, REASON_FIELDS, outcome.refusal);
  return { response_action: 'clear' };
}

async function reviewed(
  deps: AnswerDeps,
  { view }: Submission,
  asking: Asking,
): Promise<FormAnswer> {
  const { entry = 0 } = readReviewButtonValue(view.private_metadata) ?? {};
  const note = asTyped(enteredIn(view, 'note'));
  const outcome = await review(deps, asking, { entry, note });
  return outcome.ok
    ? { response_action: 'clear' }
    : refusedIn(deps, REVIEW_FIELDS, outcome.refusal);
}

type Fields = { readonly [Code in Refusal['code']]?: string };

/** Which field is to blame; whatever is no field's fault takes the place of the form. */
const START_FIELDS: Fields = {
  unknown_service: 'service',
  service_archived: 'service',
  no_stable: 'service',
  release_in_progress: 'service',
  bad_version: 'version',
  already_stable: 'version',
  version_locked: 'version',
};
const KILL_FIELDS: Fields = { bad_name: 'other', reason_missing: 'reason' };
const ROLLBACK_FIELDS: Fields = {
  unknown_service: 'service',
  no_former_stable: 'service',
  wrong_phase: 'service',
};
const REASON_FIELDS: Fields = { reason_missing: 'reason' };
const REVIEW_FIELDS: Fields = { reason_missing: 'note' };

function refusedIn(deps: AnswerDeps, fields: Fields, refusal: Refusal): FormAnswer {
  const words = refusedWords(deps, refusal);
  const field = fields[refusal.code];
  if (field === undefined) return shown(words);
  return { response_action: 'errors', errors: { [field]: asPlain(words) } };
}

/** Errors beside a field are plain text: marks of mrkdwn would stand there as they are. */
const asPlain = (mrkdwn: string) => unescapeMrkdwn(mrkdwn.replaceAll(/[`*]/g, ''));

const shown = (text: string): FormAnswer => ({
  response_action: 'update',
  view: resultModal({ text }),
});
