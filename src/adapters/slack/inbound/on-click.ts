import type { ModalView } from '@slack/types';
import { ACTIONS, VIEWS } from '#adapters/slack/action-ids.ts';
import { readButtonValue, readReviewButtonValue } from '#adapters/slack/button-value.ts';
import { answerClick } from '#adapters/slack/inbound/answer-click.ts';
import { Click } from '#adapters/slack/inbound/deliveries.ts';
import type { Person } from '#adapters/slack/inbound/deps.ts';
import { killModal } from '#adapters/slack/inbound/modals/kill-modal.ts';
import { openModal } from '#adapters/slack/inbound/modals/open-modal.ts';
import { declineModal, unlockModal } from '#adapters/slack/inbound/modals/reason-modals.ts';
import { resultModal } from '#adapters/slack/inbound/modals/result-modal.ts';
import { reviewModal } from '#adapters/slack/inbound/modals/review-modal.ts';
import { ANYTHING, searchModal } from '#adapters/slack/inbound/modals/search-modals.ts';
import { startModal, startModalFilled } from '#adapters/slack/inbound/modals/start-modal.ts';
import { placeFrom } from '#adapters/slack/inbound/places.ts';
import { ephemeral, type Reply } from '#adapters/slack/inbound/reply.ts';
import { redrawn } from '#adapters/slack/inbound/view-clicks.ts';
import {
  afterwards,
  answered,
  apologyFor,
  measuredAck,
  NOT_OURS,
  type Wire,
} from '#adapters/slack/inbound/wire.ts';
import { readFilter } from '#adapters/slack/views/home/entry-filter.ts';

type Delivery = { readonly body: unknown; readonly ack: () => Promise<unknown> };

/** A click is acknowledged at once; whether this person may is decided here, not when it was drawn. */
export async function onClick(wire: Wire, { body, ack }: Delivery): Promise<void> {
  await measuredAck(wire, 'button', ack)();
  const read = Click.safeParse(body);
  if (!read.success) return;
  const click = read.data;
  const [{ action_id: action, value, selected_option }] = click.actions;
  if (!wire.ours.isOurs(body))
    return await afterwards(wire, action, say(wire, click, { reply: ephemeral(NOT_OURS) }));

  const pressed = { action, value: selected_option?.value ?? value ?? '' };
  const person = personOf(wire, click);
  const drawing = redrawn(wire, click, pressed, person);
  if (drawing) return await afterwards(wire, action, drawing);
  const modal = modalFor(wire, pressed);
  const place = placeOf(click);
  if (modal) return await openModal(wire, { ...click, ...modal, place });
  const message = click.container.message_ts;
  const asking = { person, place, message, inboxKey: keyOf(click) };
  const answer = await answerClick(wire.answers, { ...pressed, ...asking }).catch(
    (error: unknown) => ({
      reply: apologyFor(wire, action)(error),
    }),
  );
  if (answer) {
    const late = { about: action, to: person.userId, place, text: answer.reply.text };
    await answered(wire, late, say(wire, click, answer));
  }
  await showHomeAgain(wire, click, person);
}

/** Whoever pressed something in their Home sees at once what became of it. */
async function showHomeAgain(wire: Wire, { view }: Click, person: Person): Promise<void> {
  if (view?.callback_id !== VIEWS.home) return;
  await afterwards(wire, 'home', wire.homes.show(person, readFilter(view.private_metadata)));
}

type Pressed = { readonly action: string; readonly value: string };
type Opened = {
  readonly view: ModalView;
  readonly instead: string;
  readonly fill?: () => ModalView | undefined;
};

/** These ask for something more before they do anything. */
function modalFor({ answers }: Wire, { action, value }: Pressed): Opened | undefined {
  const instead = '/rollout help';
  if (action === ACTIONS.openStart)
    return { view: startModal(answers), fill: () => startModalFilled(answers), instead };
  if (action === ACTIONS.openSearch) return { view: searchModal(answers, ANYTHING), instead };
  if (action === ACTIONS.openKill) return { view: killModal(answers), instead: '/killswitch help' };
  const reviewed = readReviewButtonValue(value);
  if (action === ACTIONS.review && reviewed)
    return { view: reviewModal(answers, reviewed.entry), instead };
  const read = readButtonValue(value);
  if (action === ACTIONS.decline && read) return { view: declineModal(answers, read), instead };
  if (action === ACTIONS.unlock && read?.version !== undefined)
    return { view: unlockModal(answers, { ...read, version: read.version }), instead };
  return undefined;
}

/** In a shared channel the person's own team stands beside them; else the team is the workspace. */
const personOf = ({ ours }: Wire, { user, team }: Click) => ({
  userId: user.id,
  teamId: user.team_id ?? team?.id ?? ours.team() ?? '',
});

/** A view is seen by nobody else: the Home tab, or a form. */
const placeOf = ({ container, channel }: Click) =>
  container.channel_id === '' && container.view_id !== ''
    ? 'in_private'
    : placeFrom(container.channel_id, channel?.name ?? '');

function keyOf({ user, team, container, actions: [action] }: Click): string {
  const { channel_id, message_ts, view_id } = container;
  const place = [team?.id ?? '', channel_id, message_ts || view_id];
  return ['button', ...place, action.action_id, action.action_ts, user.id].join(':');
}

type Said = { readonly reply: Reply; readonly inPlace?: boolean };

/** Beside the message that holds the button; the Home tab has no such place, so a window opens. */
async function say(wire: Wire, click: Click, { reply, inPlace }: Said): Promise<void> {
  const { response_url, trigger_id, view } = click;
  if (response_url === undefined && view)
    await wire.calls.openModal(trigger_id, resultModal(reply));
  else await wire.respond(response_url, reply, inPlace ? 'replace' : undefined);
}
