/** A person at the keyboard, for tests that read like stories. */
import type { ActAnswer, ShownMessage, ShownView, SubmitAnswer } from '#sandbox/protocol.ts';
import { elementsIn } from '#sandbox/slack/acts/find-element.ts';
import { close, submit } from '#sandbox/slack/acts/finish-modal.ts';
import { openHome, useShortcut } from '#sandbox/slack/acts/open-things.ts';
import { say } from '#sandbox/slack/acts/say.ts';
import { typeCommand } from '#sandbox/slack/acts/type-command.ts';
import { askOptions, click, select } from '#sandbox/slack/acts/use-element.ts';
import { asText } from '#sandbox/slack/as-text.ts';
import { findChannel } from '#sandbox/slack/channels.ts';
import { pageState } from '#sandbox/slack/page-state.ts';
import type { Slack } from '#sandbox/slack/slack.ts';
import { eventually, type Patience } from '#sandbox/slack/stories/eventually.ts';
import { type FilledIn, fillIn, stateFrom } from '#sandbox/slack/stories/fill-in.ts';
import type { Block, Person as Somebody } from '#sandbox/slack/workspace.ts';

/** What came of an act, as the person sees it once the app has acknowledged. */
export type Seen = {
  readonly ack: ActAnswer;
  /** New messages for this person's eyes, as text. */
  readonly text: string;
  readonly messages: readonly ShownMessage[];
  readonly modal?: ShownView | undefined;
};

type Where = { readonly channel?: string };
type Thing = ShownMessage | ShownView;

export function person({ slack, id }: { readonly slack: Slack; readonly id: string }) {
  const me = slack.workspace.people.get(id);
  if (!me) throw new Error(`There is no person ${id} in this workspace.`);
  const view = () => pageState(slack.workspace, slack.manifest, me);
  const acting = (act: () => Promise<ActAnswer>) => actAndLook(view, act);
  const place = (thing: Thing) => placeOf(slack, thing);
  return {
    id,
    /** All that this person sees now. */
    view,
    types: (text: string, { channel = 'agent-ops' }: Where = {}) =>
      acting(() => typeCommand(slack, { as: id, channel: channelId(slack, channel), text })),
    says: (text: string, { channel = 'agent-ops' }: Where = {}) =>
      say(slack, { as: id, channel: channelId(slack, channel), text }),
    presses: (label: string, thing: Thing) =>
      acting(() => click(slack, { as: id, ...buttonNamed(slack, thing, label) })),
    chooses: (words: string, { menu, on }: { readonly menu: string; readonly on: Thing }) =>
      acting(() => choose({ slack, me, on }, menu, words)),
    searches: (typed: string, { menu, on }: { readonly menu: string; readonly on: Thing }) => {
      const { blockId, element } = menuNamed(slack, on, menu);
      const actionId = String(element['action_id']);
      return askOptions(slack, { as: id, in: place(on).in, blockId, actionId, typed });
    },
    submits: (modal: ShownView, filled: FilledIn = {}): Promise<SubmitAnswer> =>
      submit(slack, { as: id, viewId: modal.id, values: fillIn(modal, filled) }),
    closes: (modal: ShownView, { all = false } = {}) =>
      close(slack, { as: id, viewId: modal.id, all }),
    uses: (callbackId: string, message?: ShownMessage) =>
      acting(() => useShortcut(slack, { as: id, callbackId, ...(message ? { message } : {}) })),
    opensHome: () => openHome(slack, { as: id }),
    /** Waits for the newest message they can see whose text matches. */
    sees: (pattern: RegExp, patience: Patience = {}) =>
      eventually(
        slack.workspace.feed,
        () => view().messages.findLast((message) => pattern.test(asText(message))),
        { ...patience, insteadOf: () => insteadOf(`${id} never saw ${pattern}`, view().messages) },
      ),
    /** Waits for a modal to be open, and returns the one on top. */
    modal: (pattern = /./, patience: Patience = {}) =>
      eventually(
        slack.workspace.feed,
        () => view().modals.findLast(({ title }) => pattern.test(title?.text ?? '')),
        { ...patience, insteadOf: () => `${id} never got a modal titled ${pattern}.` },
      ),
    home: (patience: Patience = {}) =>
      eventually(slack.workspace.feed, () => view().home, {
        ...patience,
        insteadOf: () => `${id} never got a Home tab.`,
      }),
  };
}

export type Person = ReturnType<typeof person>;

export const insteadOf = (never: string, messages: readonly ShownMessage[]) =>
  `${never}, but this:\n${messages.map(asText).join('\n\n')}`;

async function actAndLook(view: Person['view'], act: () => Promise<ActAnswer>): Promise<Seen> {
  const before = new Set(view().messages.map(({ channel, ts }) => `${channel} ${ts}`));
  const ack = await act();
  const { messages, modals } = view();
  const fresh = messages.filter(({ channel, ts }) => !before.has(`${channel} ${ts}`));
  return { ack, messages: fresh, text: fresh.map(asText).join('\n'), modal: modals.at(-1) };
}

type Choosing = { readonly slack: Slack; readonly me: Somebody; readonly on: Thing };

function choose({ slack, me, on }: Choosing, menu: string, words: string): Promise<ActAnswer> {
  const { blockId, element } = menuNamed(slack, on, menu);
  const common = { as: me.id, in: placeOf(slack, on).in, blockId };
  const actionId = String(element['action_id']);
  const chosen = stateFrom(element, words);
  return chosen.type === 'overflow'
    ? click(slack, { ...common, actionId, option: chosen.selected_option?.value ?? '' })
    : select(slack, { ...common, actionId, chosen });
}

/** The thing as it is now, not as it was when the test looked at it. */
function placeOf({ workspace }: Slack, thing: Thing) {
  if ('channel' in thing) {
    const { channel, ts } = thing;
    const now = workspace.messages.get(channel)?.find((message) => message.ts === ts);
    return { in: { channel, ts }, blocks: now?.blocks ?? [] };
  }
  const open = [...workspace.modals.values(), [...workspace.homes.values()]].flat();
  const now = open.find((view) => view.id === thing.id);
  return { in: { viewId: thing.id }, blocks: now?.blocks ?? [] };
}

function buttonNamed(slack: Slack, thing: Thing, label: string) {
  const { in: place, blocks } = placeOf(slack, thing);
  const buttons = elementsIn(blocks as readonly Block[]).filter(
    ({ element }) => element['type'] === 'button',
  );
  const labels = buttons.map(({ element }) => String(Object(element['text']).text));
  const found = buttons[labels.indexOf(label)];
  if (!found) throw new Error(`There is no button “${label}”; there are: ${labels.join(', ')}`);
  const { blockId, element } = found;
  return { in: place, blockId, actionId: String(element['action_id']) };
}

/** By its action_id or by its placeholder. */
function menuNamed(slack: Slack, thing: Thing, menu: string) {
  const found = elementsIn(placeOf(slack, thing).blocks as readonly Block[]).find(
    ({ element }) => element['action_id'] === menu || Object(element['placeholder']).text === menu,
  );
  if (!found) throw new Error(`There is no menu “${menu}”.`);
  return found;
}

const channelId = ({ workspace }: Slack, name: string) => {
  const channel = findChannel(workspace, name);
  if (!channel) throw new Error(`There is no channel ${name}.`);
  return channel.id;
};
