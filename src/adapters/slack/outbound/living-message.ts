/** A message that is posted once and edited from then on: a card, an alert, a request. */
import type { DeliveryDeps } from '#adapters/slack/outbound/delivery.ts';
import { edit } from '#adapters/slack/outbound/edit.ts';
import { type Overtakes, post } from '#adapters/slack/outbound/post.ts';
import type { Shown } from '#adapters/slack/outbound/shown.ts';
import { isFailure, isMessageGone } from '#adapters/slack/outbound/slack-client.ts';
import type { Turns } from '#adapters/slack/turns.ts';
import type { View } from '#adapters/slack/views/blocks.ts';
import type { Owed, Place } from '#store/port.ts';

export type LivingDeps = DeliveryDeps & { readonly shown: Shown; readonly turns: Turns };

export type Living = {
  /** Under which name the message log remembers where it is. */
  readonly subject: string;
  readonly channel: string;
  readonly view: View;
  readonly owed: Owed;
  readonly effect?: string;
  readonly overtakes?: Overtakes;
};

/** Brings a message up to date; one that is gone is posted anew. */
export const bringUpToDate = (deps: LivingDeps, living: Living): Promise<Place> =>
  deps.turns(living.subject, () => refresh(deps, living));

/** Posts what is not at this place any more, unless somebody else just did. */
export const postInstead = (
  deps: LivingDeps,
  living: Living,
  missing: Place | undefined,
): Promise<Place> =>
  deps.turns(living.subject, async () => {
    const place = deps.messages.find(living.subject);
    return place && place.ts !== missing?.ts ? place : await postAnew(deps, living);
  });

async function refresh(deps: LivingDeps, living: Living): Promise<Place> {
  const { messages, shown, log } = deps;
  const { subject, view } = living;
  const place = messages.find(subject);
  if (!place) return await postAnew(deps, living);
  if (shown.isSame(subject, view)) return place;
  try {
    await edit(deps, { ...living, place, isNews: shown.isNews(subject, view) });
    shown.remember(subject, view);
    return place;
  } catch (error) {
    if (!isMessageGone(error) && !isFailure(error, 'channel_gone')) throw error;
    log.warn({ subject, err: error }, 'A message is gone and is posted anew');
    return await postAnew(deps, living);
  }
}

async function postAnew(deps: LivingDeps, living: Living): Promise<Place> {
  const { messages, shown, clock } = deps;
  const { subject, view } = living;
  const { place, isOld } = await post(deps, living);
  messages.remember(subject, place, clock());
  if (!isOld) {
    shown.remember(subject, view);
    return place;
  }
  // What an earlier try had brought there may say something else than what is true now.
  shown.forget(subject);
  return await refresh(deps, living);
}
