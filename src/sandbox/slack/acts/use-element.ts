/** A person presses a button or chooses in a menu, in a message, a modal or the Home tab. */
import type {
  ActAnswer,
  Click,
  ElementState,
  Options,
  OptionsAnswer,
  Place,
  Select,
  ViewValues,
} from '#sandbox/protocol.ts';
import { type Element, isOffered, stateOf } from '#sandbox/slack/acts/element-state.ts';
import { findElement, findHolder, type Holder } from '#sandbox/slack/acts/find-element.ts';
import {
  badRequest,
  failed,
  findPerson,
  hasFailed,
  outcomeOf,
} from '#sandbox/slack/acts/outcome.ts';
import { valuesOf } from '#sandbox/slack/acts/view-values.ts';
import {
  messageActionsPayload,
  suggestionPayload,
  viewActionsPayload,
} from '#sandbox/slack/delivery/payloads.ts';
import { newTs } from '#sandbox/slack/ids.ts';
import { issueResponseUrl } from '#sandbox/slack/response-urls.ts';
import type { Slack } from '#sandbox/slack/slack.ts';
import { isRecord } from '#sandbox/slack/web-api/arguments.ts';
import { viewAsSlack } from '#sandbox/slack/web-api/shapes.ts';
import type { Person } from '#sandbox/slack/workspace.ts';

const PRESSED = new Set(['button', 'overflow', 'workflow_button', 'icon_button']);

export async function click(slack: Slack, clicked: Click): Promise<ActAnswer> {
  const used = findUsed(slack, clicked);
  if (hasFailed(used)) return used;
  const { element } = used;
  if (!PRESSED.has(String(element['type']))) return badRequest('This is nothing to press.');
  if (element['type'] !== 'overflow') return act(slack, used, pressed(element));
  const chosen = { type: 'overflow', selected_option: asOption(clicked.option ?? '') } as const;
  if (!isOffered(element, chosen)) return badRequest('This is not among the options.');
  return act(slack, used, stateOf(element, chosen));
}

export async function select(slack: Slack, chosen: Select): Promise<ActAnswer> {
  const used = findUsed(slack, chosen);
  if (hasFailed(used)) return used;
  const { element, blockId, actionId } = used;
  if (!isOffered(element, chosen.chosen)) return badRequest('This is not among the options.');
  const given = withValue(used.values, { blockId, actionId, state: chosen.chosen });
  return act(slack, { ...used, values: given }, stateOf(element, chosen.chosen));
}

/** An external select asks the app what it may offer. */
export async function askOptions(slack: Slack, asked: Options): Promise<OptionsAnswer> {
  const used = findUsed(slack, asked);
  if (hasFailed(used)) return used;
  const { by, holder, blockId, actionId } = used;
  const place = holder.view
    ? {
        container: { type: 'view', view_id: holder.view.id },
        view: viewAsSlack(slack.workspace, holder.view),
      }
    : {
        container: {
          type: 'message',
          message_ts: holder.message.ts,
          channel_id: holder.message.channel,
        },
        channel: { id: holder.message.channel },
      };
  const payload = suggestionPayload(slack.workspace, {
    by,
    place,
    actionId,
    blockId,
    typed: asked.typed,
  });
  const ack = await slack.deliver({ kind: 'options', about: actionId, by: by.id, payload });
  const outcome = outcomeOf(ack);
  if (!outcome.ok || ack.came !== 'in_time') return failedOptions(outcome);
  const options = isRecord(ack.body) ? ack.body['options'] : undefined;
  if (!Array.isArray(options) || options.length > 100) {
    return failed('app_sent_something_invalid', 'The app sent no list of at most 100 options.');
  }
  return { ok: true, options };
}

const failedOptions = (outcome: ActAnswer): OptionsAnswer =>
  outcome.ok ? { ok: true, options: [] } : outcome;

type Use = {
  readonly as: string;
  readonly in: Place;
  readonly blockId: string;
  readonly actionId: string;
  readonly values?: ViewValues;
};
type Used = {
  readonly by: Person;
  readonly holder: Holder;
  readonly element: Element;
  readonly blockId: string;
  readonly actionId: string;
  readonly values: ViewValues;
};

function findUsed(slack: Slack, use: Use) {
  const by = findPerson(slack, use.as);
  if (hasFailed(by)) return by;
  const holder = findHolder(slack, use.as, use.in);
  if (hasFailed(holder)) return holder;
  const element = findElement(holder, use);
  if (hasFailed(element)) return element;
  const { blockId, actionId, values = {} } = use;
  return { by, holder, element, blockId, actionId, values };
}

async function act(slack: Slack, used: Used, done: Element): Promise<ActAnswer> {
  const { workspace } = slack;
  const { by, holder, element, blockId, actionId } = used;
  const action = {
    type: element['type'],
    block_id: blockId,
    action_id: actionId,
    action_ts: newTs(workspace),
    ...done,
  };
  const { message, view } = holder;
  const acted = { by, action, values: valuesOf((message ?? view).blocks, used.values) };
  const ack = await slack.deliver({
    kind: 'interactivity',
    about: actionId,
    by: by.id,
    payload: message
      ? messageActionsPayload(workspace, {
          ...acted,
          message,
          responseUrl: slack.origin() + responsePath(slack, holder, by),
        })
      : viewActionsPayload(workspace, { ...acted, view }),
  });
  return outcomeOf(ack);
}

function responsePath({ workspace }: Slack, { message }: Holder, by: Person): string {
  return issueResponseUrl(workspace, {
    kind: 'actions',
    channel: message?.channel ?? '',
    by: by.id,
    messageTs: message?.ts,
    threadTs: message?.threadTs,
  });
}

/** A button comes back with what the app gave it. */
function pressed(element: Element): Element {
  const kept = ['text', 'value', 'style', 'url', 'confirm'].filter(
    (field) => element[field] !== undefined,
  );
  return Object.fromEntries(kept.map((field) => [field, element[field]]));
}

const asOption = (value: string) => ({ text: { type: 'plain_text', text: value } as const, value });

type Put = { readonly blockId: string; readonly actionId: string; readonly state: ElementState };

const withValue = (values: ViewValues, { blockId, actionId, state }: Put): ViewValues => ({
  ...values,
  [blockId]: { ...values[blockId], [actionId]: state },
});
