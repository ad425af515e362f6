/** A person submits or closes the modal on top. */
import type { ActAnswer, Close, Submit, SubmitAnswer } from '#sandbox/protocol.ts';
import {
  badRequest,
  failed,
  findPerson,
  hasFailed,
  outcomeOf,
} from '#sandbox/slack/acts/outcome.ts';
import { problemsOf, valuesOf } from '#sandbox/slack/acts/view-values.ts';
import { closedPayload, submissionPayload } from '#sandbox/slack/delivery/payloads.ts';
import type { Slack } from '#sandbox/slack/slack.ts';
import {
  clearModals,
  MODALS_MAX,
  modalsOf,
  popModal,
  pushModal,
  updateModal,
} from '#sandbox/slack/views.ts';
import { isRecord } from '#sandbox/slack/web-api/arguments.ts';
import { isRefusal } from '#sandbox/slack/web-api/content.ts';
import { readView } from '#sandbox/slack/web-api/views.ts';
import type { View } from '#sandbox/slack/workspace.ts';

export async function submit(slack: Slack, submitted: Submit): Promise<SubmitAnswer> {
  const by = findPerson(slack, submitted.as);
  if (hasFailed(by)) return by;
  const view = modalsOf(slack.workspace, by.id).at(-1);
  if (view?.id !== submitted.viewId) return badRequest('This modal is not the one on top.');
  const values = valuesOf(view.blocks, submitted.values);
  const errors = problemsOf(view.blocks, values);
  if (Object.keys(errors).length > 0) return { ok: false, error: 'not_valid', errors };
  const ack = await slack.deliver({
    kind: 'interactivity',
    about: view.callbackId,
    by: by.id,
    payload: submissionPayload(slack.workspace, { by, view, values }),
  });
  if (ack.came !== 'in_time') return outcomeOf(ack);
  return follow(slack, { userId: by.id, view, answer: ack.body }) ?? outcomeOf(ack);
}

type Submitted = { readonly userId: string; readonly view: View; readonly answer: unknown };

/** Does what the acknowledgement says; undefined when that went well. */
function follow(
  { workspace }: Slack,
  { userId, view, answer }: Submitted,
): SubmitAnswer | undefined {
  const action = isRecord(answer) ? answer['response_action'] : undefined;
  if (answer === undefined) return void popModal(workspace, userId);
  if (!isRecord(answer) || typeof action !== 'string') return invalid('no response_action');
  if (action === 'clear') return void clearModals(workspace, userId);
  if (action === 'errors') return rejected(view, answer['errors']);
  if (action !== 'update' && action !== 'push') return invalid(`response_action ${action}`);

  const isUpdate = action === 'update';
  const sent = readView(workspace, answer['view'], 'modal', isUpdate ? view.id : undefined);
  if (isRefusal(sent)) {
    const { messages = [] } = Object(sent['response_metadata']) as { messages?: string[] };
    return invalid([sent.error, ...messages].join(' '));
  }
  if (isUpdate) {
    updateModal(workspace, { userId, view }, sent);
    return undefined;
  }
  if (modalsOf(workspace, userId).length >= MODALS_MAX) return invalid('push_limit_reached');
  pushModal(workspace, userId, sent);
  return undefined;
}

const invalid = (what: string) =>
  failed('app_sent_something_invalid', `The app's answer was refused: ${what}.`);

/** Errors are shown under inputs, so each must name the block of one. */
function rejected({ blocks }: View, errors: unknown): SubmitAnswer {
  const inputs = new Set(blocks.filter(({ type }) => type === 'input').map((one) => one.block_id));
  const told = isRecord(errors) ? Object.entries(errors) : [];
  const isInOrder =
    told.length > 0 &&
    told.every(([blockId, words]) => inputs.has(blockId) && typeof words === 'string' && words);
  if (!isInOrder) return invalid('errors must name input blocks by block_id');
  return {
    ok: false,
    error: 'not_valid',
    errors: Object.fromEntries(told) as Record<string, string>,
  };
}

export async function close(slack: Slack, closed: Close): Promise<ActAnswer> {
  const { workspace } = slack;
  const by = findPerson(slack, closed.as);
  if (hasFailed(by)) return by;
  const stack = modalsOf(workspace, by.id);
  const top = stack.at(-1);
  if (top?.id !== closed.viewId) return badRequest('This modal is not the one on top.');
  const isCleared = (closed.all ?? false) || top.clearOnClose;
  if (isCleared) clearModals(workspace, by.id);
  else popModal(workspace, by.id);
  const toTell = (isCleared ? stack : [top]).filter(({ notifyOnClose }) => notifyOnClose);
  for (const view of toTell.toReversed()) {
    const payload = closedPayload(workspace, { by, view, isCleared });
    await slack.deliver({ kind: 'interactivity', about: view.callbackId, by: by.id, payload });
  }
  return { ok: true };
}
