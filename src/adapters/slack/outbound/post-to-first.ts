/** Where a channel is gone, the next one; and where none is left, people. */
import type { DeliveryDeps } from '#adapters/slack/outbound/delivery.ts';
import type { Posting } from '#adapters/slack/outbound/post.ts';
import { sendTo } from '#adapters/slack/outbound/send.ts';
import { isFailure, type SlackFailure } from '#adapters/slack/outbound/slack-client.ts';
import { inFallback, inPerson } from '#adapters/slack/views/elsewhere.ts';
import { assert } from '#domain/result.ts';
import { noteRerouted } from '#operations/note-rerouted.ts';
import type { Place } from '#store/port.ts';

export async function postToFirst(
  deps: DeliveryDeps,
  posting: Posting,
  channels: readonly string[],
): Promise<Place> {
  const [from = ''] = channels;
  const { owed } = posting;
  let gone: SlackFailure | undefined;
  for (const channel of channels) {
    try {
      const view = gone ? inFallback(posting.view, from) : posting.view;
      const place = await sendTo(deps, { ...posting, view }, channel);
      if (gone) await noteRerouted(deps, { owed, from, to: place.channel, reason: gone.code });
      return place;
    } catch (error) {
      if (!isFailure(error, 'channel_gone')) throw error;
      deps.log.warn({ channel, code: error.code }, 'A channel cannot be posted to');
      gone ??= error;
    }
  }
  assert(gone, 'there is a channel to post to');
  // What somebody acts on is theirs to hear at once; the rest waits until there is a channel.
  const isForPeople = 'channel' in posting && posting.overtakes !== undefined;
  const told = isForPeople ? await postToOperators(deps, posting, { from, gone }) : undefined;
  if (!told) throw gone;
  return told;
}

const OPERATORS_MAX = 10;

/** Each of them gets it; what follows goes to where the first of them has it. */
async function postToOperators(
  deps: DeliveryDeps,
  posting: Posting,
  { from, gone }: { readonly from: string; readonly gone: SlackFailure },
): Promise<Place | undefined> {
  const { owed } = posting;
  const operators = (await deps.operatorsFor(owed.effect)).slice(0, OPERATORS_MAX);
  const view = inPerson(posting.view, from);
  let first: { readonly place: Place; readonly to: string } | undefined;
  for (const to of operators) {
    try {
      const place = await sendTo(deps, { ...posting, view }, to);
      first ??= { place, to };
    } catch (error) {
      if (!first && !isFailure(error, 'clear', 'channel_gone')) throw error;
      deps.log.warn({ err: error, operator: to }, 'An operator cannot be told in person');
    }
  }
  if (first) await noteRerouted(deps, { owed, from, to: first.to, reason: gone.code });
  return first?.place;
}
