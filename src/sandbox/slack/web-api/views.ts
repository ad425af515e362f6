import { checkView } from '#sandbox/slack/blocks/check-view.ts';
import { asLogLine } from '#sandbox/slack/blocks/complaint.ts';
import { exchangeTrigger } from '#sandbox/slack/triggers.ts';
import {
  findView,
  MODALS_MAX,
  modalsOf,
  openModal,
  publishHome,
  pushModal,
  type SentView,
  updateModal,
} from '#sandbox/slack/views.ts';
import { type Arguments, isRecord, jsonArg, textArg } from '#sandbox/slack/web-api/arguments.ts';
import { isRefusal } from '#sandbox/slack/web-api/content.ts';
import {
  type ApiAnswer,
  type ApiContext,
  type Method,
  type Methods,
  type Refusal,
  refuse,
} from '#sandbox/slack/web-api/method.ts';
import { viewAsSlack } from '#sandbox/slack/web-api/shapes.ts';
import type { Workspace } from '#sandbox/slack/workspace.ts';

const VIEW_BYTES_MAX = 250_000;

const method = (call: Method['call']): Method => ({ tier: 4, scopes: [], token: 'bot', call });

export const VIEWS: Methods = {
  'views.open': method(open),
  'views.push': method(push),
  'views.update': method(update),
  'views.publish': method(publish),
};

function open(context: ApiContext, args: Arguments): ApiAnswer {
  return withTrigger(context, args, openModal);
}

function push(context: ApiContext, args: Arguments): ApiAnswer {
  return withTrigger(context, args, (workspace, userId, sent) => {
    const depth = modalsOf(workspace, userId).length;
    if (depth === 0) return refuse('not_found');
    return depth < MODALS_MAX ? pushModal(workspace, userId, sent) : refuse('push_limit_reached');
  });
}

type Show = (
  workspace: Workspace,
  userId: string,
  sent: SentView,
) => ReturnType<typeof pushModal> | Refusal;

/** The trigger is spent only by a view that is in order, so that a mended one can still be sent. */
function withTrigger({ workspace }: ApiContext, args: Arguments, show: Show): ApiAnswer {
  const sent = readView(workspace, jsonArg(args, 'view'), 'modal');
  if (isRefusal(sent)) return sent;
  const trigger = exchangeTrigger(workspace, textArg(args, 'trigger_id') ?? '');
  if (trigger.error) return refuse(trigger.error);
  const view = show(workspace, trigger.by, sent);
  return isRefusal(view) ? view : { ok: true, view: viewAsSlack(workspace, view) };
}

function update({ workspace }: ApiContext, args: Arguments): ApiAnswer {
  const id = textArg(args, 'view_id');
  const externalId = textArg(args, 'external_id');
  if (!id === !externalId) {
    return refuse('invalid_arguments', ['[ERROR] give exactly one of view_id and external_id']);
  }
  const found = findView(workspace, (view) =>
    id ? view.id === id : view.externalId === externalId,
  );
  if (!found || found.view.type === 'home') return refuse('not_found');
  const hash = textArg(args, 'hash');
  if (hash && hash !== found.view.hash) return refuse('hash_conflict');
  const sent = readView(workspace, jsonArg(args, 'view'), 'modal', found.view.id);
  if (isRefusal(sent)) return sent;
  return { ok: true, view: viewAsSlack(workspace, updateModal(workspace, found, sent)) };
}

function publish({ workspace, manifest }: ApiContext, args: Arguments): ApiAnswer {
  if (!manifest.homeTab) return refuse('not_enabled');
  const userId = textArg(args, 'user_id') ?? '';
  if (!workspace.people.has(userId)) return refuse('user_not_found');
  const current = workspace.homes.get(userId);
  const hash = textArg(args, 'hash');
  if (hash && hash !== current?.hash) return refuse('hash_conflict');
  const sent = readView(workspace, jsonArg(args, 'view'), 'home', current?.id);
  if (isRefusal(sent)) return sent;
  return { ok: true, view: viewAsSlack(workspace, publishHome(workspace, userId, sent)) };
}

/** Also for views that come inside an acknowledgement. `itself` may keep its own external_id. */
export function readView(
  workspace: Workspace,
  sent: unknown,
  type: SentView['type'],
  itself?: string,
): SentView | Refusal {
  if (!isRecord(sent)) {
    return refuse('invalid_arguments', ['[ERROR] must be a valid object [json-pointer:/view]']);
  }
  if (JSON.stringify(sent).length > VIEW_BYTES_MAX) return refuse('view_too_large');
  const complaints = checkView(sent, type);
  if (complaints.length > 0) return refuse('invalid_arguments', complaints.map(asLogLine));
  const view = sent as SentView;
  const isTaken =
    view.external_id &&
    findView(workspace, ({ externalId, id }) => externalId === view.external_id && id !== itself);
  return isTaken ? refuse('duplicate_external_id') : view;
}
