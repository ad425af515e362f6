import {
  asWait,
  type DeliveryDeps,
  simplerIfRefused,
  waitFor,
} from '#adapters/slack/outbound/delivery.ts';
import type { Overtakes } from '#adapters/slack/outbound/post.ts';
import { isFailure } from '#adapters/slack/outbound/slack-client.ts';
import type { View } from '#adapters/slack/views/blocks.ts';
import type { Owed, Place } from '#store/port.ts';

type Editing = {
  readonly view: View;
  readonly place: Place;
  readonly owed: Owed;
  readonly overtakes?: Overtakes;
  /** It says something else than before, and does not only count along. */
  readonly isNews?: boolean;
};

const ALL = 'chat.update';

export async function edit(deps: DeliveryDeps, editing: Editing): Promise<void> {
  const { client, edits, allEdits, log } = deps;
  const { view, place, owed, overtakes, isNews } = editing;
  const bucket = `${place.channel} ${place.ts}`;
  const ticket = `${bucket} ${owed.id}`;
  if (overtakes) allEdits.overtake(ALL);
  else {
    waitFor(edits.waitMs(bucket, ticket), 'A message was edited just now');
    if (isNews) allEdits.comeForward(ALL, ticket);
    waitFor(allEdits.waitMs(ALL, ticket), 'Slack allows about fifty edits a minute');
  }
  try {
    await simplerIfRefused(log, view, (shown) => client.edit(place, shown));
  } catch (error) {
    if (isFailure(error, 'limited')) allEdits.hold(ALL, error.retryAfterMs, ticket);
    throw asWait(error);
  }
}
