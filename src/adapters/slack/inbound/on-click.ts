import type { ModalView } from '@slack/types';
import { ACTIONS } from '#adapters/slack/action-ids.ts';
import { readButtonValue } from '#adapters/slack/button-value.ts';
import { answerClick } from '#adapters/slack/inbound/answer-click.ts';
import { Click } from '#adapters/slack/inbound/deliveries.ts';
import { killModal } from '#adapters/slack/inbound/modals/kill-modal.ts';
import { openModal } from '#adapters/slack/inbound/modals/open-modal.ts';
import { declineModal, unlockModal } from '#adapters/slack/inbound/modals/reason-modals.ts';
import { startModal } from '#adapters/slack/inbound/modals/start-modal.ts';
import { ephemeral } from '#adapters/slack/inbound/reply.ts';
import {
  afterwards,
  apologyFor,
  measuredAck,
  NOT_OURS,
  type Wire,
} from '#adapters/slack/inbound/wire.ts';

type Delivery = { readonly body: unknown; readonly ack: () => Promise<unknown> };

/** A click is acknowledged at once; whether this person may is decided here, not when it was drawn. */
export async function onClick(wire: Wire, { body, ack }: Delivery): Promise<void> {
  await measuredAck(wire, 'button', ack)();
  const read = Click.safeParse(body);
  if (!read.success) return;
  const click = read.data;
  const [{ action_id: action, value, selected_option }] = click.actions;
  if (!wire.ours.isOurs(body)) return await say(wire, click, { reply: ephemeral(NOT_OURS) });

  const pressed = { action, value: selected_option?.value ?? value ?? '' };
  const modal = modalFor(wire, pressed);
  if (modal) return await openModal(wire, { ...click, ...modal });
  const asking = { person: personOf(wire, click), inboxKey: keyOf(click) };
  const answer = await answerClick(wire.answers, { ...pressed, ...asking }).catch(
    (error: unknown) => ({
      reply: apologyFor(wire, action)(error),
    }),
  );
  if (answer) await say(wire, click, answer);
}

type Pressed = { readonly action: string; readonly value: string };
type Opened = { readonly view: ModalView; readonly instead: string };

/** These ask for something more before they do anything. */
function modalFor({ answers }: Wire, { action, value }: Pressed): Opened | undefined {
  const instead = '/rollout help';
  if (action === ACTIONS.openStart) return { view: startModal(answers), instead };
  if (action === ACTIONS.openKill) return { view: killModal(answers), instead: '/killswitch help' };
  const read = readButtonValue(value);
  if (action === ACTIONS.decline && read) return { view: declineModal(read), instead };
  if (action === ACTIONS.unlock && read?.version !== undefined)
    return { view: unlockModal({ ...read, version: read.version }), instead };
  return undefined;
}

/** In a shared channel the person's own team stands beside them; else the team is the workspace. */
const personOf = ({ ours }: Wire, { user, team }: Click) => ({
  userId: user.id,
  teamId: user.team_id ?? team?.id ?? ours.team() ?? '',
});

function keyOf({ user, team, container, actions: [action] }: Click): string {
  const { channel_id, message_ts, view_id } = container;
  const place = [team?.id ?? '', channel_id, message_ts || view_id];
  return ['button', ...place, action.action_id, action.action_ts, user.id].join(':');
}

type Said = { readonly reply: Parameters<Wire['respond']>[1]; readonly inPlace?: boolean };

const say = (wire: Wire, { response_url, actions: [action] }: Click, { reply, inPlace }: Said) =>
  afterwards(
    wire,
    action.action_id,
    wire.respond(response_url, reply, inPlace ? 'replace' : undefined),
  );
