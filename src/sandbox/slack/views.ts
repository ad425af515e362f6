/** Modals are a stack of at most three per person; a Home tab is one view per person. */
import type { ShownText, ShownView } from '#sandbox/protocol.ts';
import { announce } from '#sandbox/slack/feed.ts';
import { letters, newId } from '#sandbox/slack/ids.ts';
import { withIds } from '#sandbox/slack/messages.ts';
import type { View, Workspace } from '#sandbox/slack/workspace.ts';

export const MODALS_MAX = 3;

/** What an app sends, after it was checked. */
export type SentView = {
  readonly type: 'modal' | 'home';
  readonly blocks: readonly object[];
  readonly callback_id?: string;
  readonly external_id?: string;
  readonly private_metadata?: string;
  readonly title?: unknown;
  readonly submit?: unknown;
  readonly close?: unknown;
  readonly clear_on_close?: boolean;
  readonly notify_on_close?: boolean;
  readonly submit_disabled?: boolean;
};

export const modalsOf = ({ modals }: Workspace, userId: string) => modals.get(userId) ?? [];

export function pushModal(workspace: Workspace, userId: string, sent: SentView): View {
  const stack = modalsOf(workspace, userId);
  const id = newId(workspace, 'V');
  const below = stack.at(-1);
  const view = asView(workspace, sent, {
    id,
    rootViewId: below?.rootViewId ?? id,
    previousViewId: below?.id ?? null,
  });
  setModals(workspace, userId, [...stack, view]);
  return view;
}

/** A new opening replaces whatever modal the person had open. */
export function openModal(workspace: Workspace, userId: string, sent: SentView): View {
  workspace.modals.set(userId, []);
  return pushModal(workspace, userId, sent);
}

export function updateModal(
  workspace: Workspace,
  { userId, view }: { readonly userId: string; readonly view: View },
  sent: SentView,
): View {
  const updated = asView(workspace, sent, view);
  const stack = modalsOf(workspace, userId);
  setModals(
    workspace,
    userId,
    stack.map((one) => (one.id === view.id ? updated : one)),
  );
  return updated;
}

export const popModal = (workspace: Workspace, userId: string) =>
  setModals(workspace, userId, modalsOf(workspace, userId).slice(0, -1));

export const clearModals = (workspace: Workspace, userId: string) =>
  setModals(workspace, userId, []);

export function publishHome(workspace: Workspace, userId: string, sent: SentView): View {
  const id = workspace.homes.get(userId)?.id ?? newId(workspace, 'V');
  const view = asView(workspace, sent, { id, rootViewId: id, previousViewId: null });
  workspace.homes.set(userId, view);
  const isFor = (viewer: string) => viewer === userId;
  announce(workspace.feed, isFor, () => ({ what: 'home_changed', home: showView(view) }));
  return view;
}

type Found = { readonly userId: string; readonly view: View };

export function findView(
  { modals, homes }: Workspace,
  matches: (view: View) => boolean,
): Found | undefined {
  for (const [userId, stack] of modals) {
    const view = stack.find(matches);
    if (view) return { userId, view };
  }
  for (const [userId, view] of homes) if (matches(view)) return { userId, view };
  return undefined;
}

export const showView = (view: View): ShownView => ({
  id: view.id,
  type: view.type,
  hash: view.hash,
  callbackId: view.callbackId,
  submitDisabled: view.submitDisabled,
  blocks: view.blocks,
  ...(view.title ? { title: view.title as ShownText } : {}),
  ...(view.submit ? { submit: view.submit as ShownText } : {}),
  ...(view.close ? { close: view.close as ShownText } : {}),
});

type Place = Pick<View, 'id' | 'rootViewId' | 'previousViewId'>;

function asView(workspace: Workspace, sent: SentView, place: Place): View {
  const seconds = Math.floor(workspace.clock() / 1_000);
  return {
    id: place.id,
    rootViewId: place.rootViewId,
    previousViewId: place.previousViewId,
    type: sent.type,
    hash: `${seconds}.${letters(workspace, 8).toLowerCase()}`,
    blocks: withIds(workspace, sent.blocks),
    callbackId: sent.callback_id ?? '',
    externalId: sent.external_id ?? '',
    privateMetadata: sent.private_metadata ?? '',
    title: sent.title,
    submit: sent.submit,
    close: sent.close,
    clearOnClose: sent.clear_on_close ?? false,
    notifyOnClose: sent.notify_on_close ?? false,
    submitDisabled: sent.submit_disabled ?? false,
  };
}

function setModals(workspace: Workspace, userId: string, stack: readonly View[]): void {
  workspace.modals.set(userId, stack);
  const isFor = (viewer: string) => viewer === userId;
  const modals = stack.map(showView);
  announce(workspace.feed, isFor, () => ({ what: 'modals_changed', modals }));
}
