import { HomeOpened } from '#adapters/slack/inbound/deliveries.ts';
import { afterwards, type Wire } from '#adapters/slack/inbound/wire.ts';
import { readFilter } from '#adapters/slack/views/home/entry-filter.ts';

/** The one event that is listened to; a test holds the manifest against it. */
export const HOME_OPENED = 'app_home_opened';

/** Bolt has acknowledged the event by now. What the tab showed before comes along with it. */
export async function onHomeOpened(wire: Wire, body: unknown): Promise<void> {
  const read = HomeOpened.safeParse(body);
  if (!read.success || !wire.ours.isOurs(body)) return;
  const { team_id: teamId, event } = read.data;
  // The same event tells of the other tab, where people write to the bot.
  if (event.tab !== 'home') return;
  const person = { userId: event.user, teamId };
  const filter = readFilter(event.view?.private_metadata);
  await afterwards(wire, 'home', wire.homes.show(person, filter));
}
