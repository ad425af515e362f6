import {
  bringUpToDate,
  type Living,
  type LivingDeps,
  postInstead,
} from '#adapters/slack/outbound/living-message.ts';
import {
  drawAlert,
  drawCard,
  type ReleaseViewDeps,
} from '#adapters/slack/outbound/release-views.ts';
import { alertOf, cardOf } from '#adapters/slack/outbound/subjects.ts';
import type { Release } from '#domain/release.ts';
import type { Owed, Place } from '#store/port.ts';

export type ReleaseDeps = LivingDeps & ReleaseViewDeps;

/** The service's own channel, also for the last words about a service that left the configuration. */
export const channelOf = ({ settings }: ReleaseDeps, service: string | undefined) => {
  const { services, channel } = settings();
  return (service === undefined ? undefined : services.get(service)?.channel) ?? channel;
};

/** Brings the card of a release up to date, and its alert with it when there is one. */
export async function syncCard(deps: ReleaseDeps, release: Release, owed: Owed): Promise<void> {
  await bringCardUpToDate(deps, release, owed);
  if (deps.messages.find(alertOf(release.facts.id))) await refreshAlert(deps, release, owed);
}

const bringCardUpToDate = (deps: ReleaseDeps, release: Release, owed: Owed): Promise<Place> =>
  bringUpToDate(deps, cardMessage(deps, release, owed));

/** For a card that was taken away; until the new one stands, the old place is remembered. */
export const postCardInstead = (
  deps: ReleaseDeps,
  release: Release,
  { owed, missing }: { readonly owed: Owed; readonly missing: Place },
): Promise<Place> =>
  // What is owed here is something else, which must not be taken for the card.
  postInstead(deps, { ...cardMessage(deps, release, owed), effect: `${owed.id}:card` }, missing);

const cardMessage = (deps: ReleaseDeps, release: Release, owed: Owed): Living => ({
  subject: cardOf(release.facts.id),
  channel: channelOf(deps, release.facts.service),
  view: drawCard(deps, release),
  owed,
});

export const alertMessage = (deps: ReleaseDeps, release: Release, owed: Owed): Living => ({
  subject: alertOf(release.facts.id),
  channel: channelOf(deps, release.facts.service),
  view: drawAlert(deps, release),
  owed,
  overtakes: 'others',
});

/** What is open about an incident is seen in its alert at once, whatever else waits for its turn. */
export const refreshAlert = (deps: ReleaseDeps, release: Release, owed: Owed): Promise<Place> =>
  // Should the alert have to be posted anew, it must not be taken for what is owed here.
  bringUpToDate(deps, { ...alertMessage(deps, release, owed), effect: `${owed.id}:alert` });
