/** What is pressed or chosen inside a form or the Home tab and only changes what is shown there. */
import type { ModalView } from '@slack/types';
import { ACTIONS, VIEWS } from '#adapters/slack/action-ids.ts';
import type { Click, SentView } from '#adapters/slack/inbound/deliveries.ts';
import type { AnswerDeps, Person } from '#adapters/slack/inbound/deps.ts';
import { killEntered, killModalFor } from '#adapters/slack/inbound/modals/kill-modal.ts';
import {
  foundModal,
  newerPage,
  olderPage,
  rememberedSearch,
  searchModal,
} from '#adapters/slack/inbound/modals/search-modals.ts';
import { startEntered, startModalFor } from '#adapters/slack/inbound/modals/start-modal.ts';
import type { Wire } from '#adapters/slack/inbound/wire.ts';
import { readFilter } from '#adapters/slack/views/home/entry-filter.ts';

type Chosen = { readonly action: string; readonly value: string };

/** Undefined when it was something else. */
export function redrawn(
  wire: Wire,
  { view }: Click,
  { action, value }: Chosen,
  person: Person,
): Promise<void> | undefined {
  if (!view) return undefined;
  if (action === ACTIONS.homeFilter) return wire.homes.show(person, readFilter(value));
  const next = nextView(wire.answers, view, { action, value });
  return next && update(wire, view, next);
}

async function update(wire: Wire, view: SentView, next: ModalView | Promise<ModalView>) {
  await wire.calls.updateModal(view.id, await next);
}

function nextView(
  deps: AnswerDeps,
  view: SentView,
  { action, value }: Chosen,
): ModalView | Promise<ModalView> | undefined {
  switch (action) {
    case ACTIONS.formChanged:
      return view.callback_id === VIEWS.kill
        ? killModalFor(deps, killEntered(view))
        : startModalFor(deps, startEntered(view));
    case ACTIONS.searchOlder:
      return foundModal(deps, olderPage(rememberedSearch(view), value));
    case ACTIONS.searchNewer:
      return foundModal(deps, newerPage(rememberedSearch(view)));
    case ACTIONS.searchAgain:
      return searchModal(deps, rememberedSearch(view));
    default:
      return undefined;
  }
}
