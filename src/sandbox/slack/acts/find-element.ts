import type { Place } from '#sandbox/protocol.ts';
import type { Element } from '#sandbox/slack/acts/element-state.ts';
import { badRequest, type Failed } from '#sandbox/slack/acts/outcome.ts';
import { findMessage, seenBy } from '#sandbox/slack/messages.ts';
import type { Slack } from '#sandbox/slack/slack.ts';
import { findView } from '#sandbox/slack/views.ts';
import { isRecord } from '#sandbox/slack/web-api/arguments.ts';
import type { Block, Message, View } from '#sandbox/slack/workspace.ts';

/** A message or a view, as one of the two. */
export type Holder =
  | { readonly message: Message; readonly view?: never }
  | { readonly view: View; readonly message?: never };

export function findHolder({ workspace }: Slack, as: string, place: Place): Holder | Failed {
  if ('viewId' in place) {
    const found = findView(workspace, ({ id }) => id === place.viewId);
    return found?.userId === as
      ? { view: found.view }
      : badRequest(`${as} has no view ${place.viewId} open.`);
  }
  const message = findMessage(workspace, place.channel, place.ts);
  return message && seenBy(workspace, message)(as)
    ? { message }
    : badRequest(`${as} sees no message ${place.ts} in ${place.channel}.`);
}

export type PlacedElement = { readonly blockId: string; readonly element: Element };

/** Every element of these blocks, those inside containers, cards and carousels too. */
export function elementsIn(blocks: readonly Block[]): readonly PlacedElement[] {
  return blocks.flatMap((block) => {
    const held = [block['accessory'], block['element']].filter(isRecord);
    const listed = [block['elements'], block['actions']].flatMap(asRecords);
    const inner = [...asRecords(block['child_blocks']), ...listed.filter(isCard)];
    const elements = [...held, ...listed.filter((one) => !isCard(one))];
    return [
      ...elements.map((element) => ({ blockId: block.block_id, element })),
      ...elementsIn(inner as Block[]),
    ];
  });
}

export function findElement(
  { message, view }: Holder,
  { blockId, actionId }: { readonly blockId: string; readonly actionId: string },
): Element | Failed {
  const found = elementsIn((message ?? view).blocks).find(
    (one) => one.blockId === blockId && one.element['action_id'] === actionId,
  );
  return found?.element ?? badRequest(`There is no element ${actionId} in block ${blockId}.`);
}

const asRecords = (value: unknown) => (Array.isArray(value) ? value.filter(isRecord) : []);
const isCard = (one: Element) => one['type'] === 'card';
