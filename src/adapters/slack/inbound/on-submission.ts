import { createHash } from 'node:crypto';
import type { ModalView } from '@slack/types';
import { answerSubmission } from '#adapters/slack/inbound/answer-submission.ts';
import { Submission } from '#adapters/slack/inbound/deliveries.ts';
import { resultModal } from '#adapters/slack/inbound/modals/result-modal.ts';
import {
  answered,
  apologyFor,
  inTime,
  measuredAck,
  NOT_OURS,
  type Wire,
} from '#adapters/slack/inbound/wire.ts';

/** What Slack takes as the acknowledgement of a form; none closes it. */
export type FormAnswer =
  | { readonly response_action: 'errors'; readonly errors: { readonly [field: string]: string } }
  | { readonly response_action: 'update'; readonly view: ModalView }
  | { readonly response_action: 'clear' };

type Delivery = {
  readonly body: unknown;
  readonly ack: (answer: FormAnswer) => Promise<unknown>;
};

/** A form is checked inside its acknowledgement, so that mistakes show beside their fields. */
export async function onSubmission(wire: Wire, { body, ack }: Delivery): Promise<void> {
  const acknowledge = measuredAck(wire, 'modal', ack);
  const read = Submission.safeParse(body);
  if (!read.success) return await acknowledge({ response_action: 'clear' });
  const submission = read.data;
  const { user, team, view } = submission;
  if (!wire.ours.isOurs(body)) return await acknowledge(shown(NOT_OURS));

  const teamId = user.team_id ?? team?.id ?? wire.ours.team() ?? '';
  const place = wire.forms.placeOf(view.id);
  const answer = answerSubmission(wire.answers, submission, {
    person: { userId: user.id, teamId },
    place,
    inboxKey: `modal:${teamId}:${view.id}:${user.id}:${contentOf(submission)}`,
  }).catch((error: unknown) => shown(apologyFor(wire, view.callback_id)(error).text));
  const ready = await inTime(answer);
  await acknowledge(ready ?? shown('Still working on it; the answer follows here.'));
  if (ready) return;
  const result = lateView(await answer);
  const late = { about: view.callback_id, to: user.id, place, text: wordsIn(result) };
  await answered(wire, late, wire.calls.updateModal(view.id, result));
}

/** Somebody who has closed the form meanwhile reads the same words elsewhere. */
const wordsIn = ({ blocks }: ModalView) =>
  blocks
    .map((block) => ('text' in block && block.text instanceof Object ? block.text.text : ''))
    .join('\n');

/** A corrected form has the same id as the wrong one before it, and it is another request. */
const contentOf = ({ view }: Submission) =>
  createHash('sha256')
    .update(JSON.stringify([view.private_metadata, view.state.values]))
    .digest('base64url');

const shown = (text: string): FormAnswer => ({
  response_action: 'update',
  view: resultModal({ text }),
});

/** The fields are gone by now, so what was wrong with them becomes plain words. */
function lateView(answer: FormAnswer): ModalView {
  switch (answer.response_action) {
    case 'update':
      return answer.view;
    case 'clear':
      return resultModal({ text: 'Done.' });
    case 'errors':
      return resultModal({ text: Object.values(answer.errors).join('\n') });
  }
}
