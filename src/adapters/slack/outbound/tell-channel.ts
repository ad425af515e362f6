import { edit } from '#adapters/slack/outbound/edit.ts';
import { post } from '#adapters/slack/outbound/post.ts';
import { isStillThere, readBackLater } from '#adapters/slack/outbound/read-back.ts';
import { lastKill } from '#adapters/slack/outbound/register.ts';
import { alertOf, killNoticeOf } from '#adapters/slack/outbound/subjects.ts';
import { channelOf, type ReleaseDeps, refreshAlert } from '#adapters/slack/outbound/sync-card.ts';
import { channelNotice, type Standing } from '#adapters/slack/views/channel-notice.ts';
import type { ChannelNotice } from '#domain/effect.ts';
import type { Owed } from '#store/port.ts';

type Told = {
  readonly notice: ChannelNotice;
  readonly service?: string | undefined;
  readonly owed: Owed;
};

/** Notices of kills go ahead of everything and by a client of their own. */
export async function tellChannel(
  deps: ReleaseDeps,
  { notice, service, owed }: Told,
): Promise<void> {
  const channel = channelOf(deps, service);
  const view = channelNotice(notice, standingOf(deps, notice));
  if (notice.what !== 'kill_on' && notice.what !== 'kill_off') {
    await post(deps, { channel, view, owed });
    return;
  }
  if (owed.sent && (await isStillThere(deps, owed, owed.sent))) return;
  if (owed.sent) deps.doubts.isNotSent(owed);
  const { urgentClient: client, messages, clock } = deps;
  const { place } = await post(deps, { channel, view, owed, client, overtakes: 'everybody' });
  readBackLater(deps, owed, place);
  if (notice.what === 'kill_on') messages.remember(killNoticeOf(notice.name), place, clock());
  else await takeButtonAway(deps, notice.name, owed);
  await refreshAlertsAbout(deps, notice.name, owed);
}

const RELEASES_MAX = 20;

/** Alerts say which of the switches thrown with a rollback are still on, and offer to end that. */
async function refreshAlertsAbout(deps: ReleaseDeps, name: string, owed: Owed): Promise<void> {
  const concerned = deps.queries
    .history(undefined, RELEASES_MAX)
    .filter(({ facts }) => facts.plan.rollback.kill.includes(name))
    .filter(({ facts }) => deps.messages.find(alertOf(facts.id)));
  const refreshed = concerned.map((release) => refreshAlert(deps, release, owed));
  for (const outcome of await Promise.allSettled(refreshed))
    if (outcome.status === 'rejected')
      deps.log.warn({ err: outcome.reason, name }, 'An alert does not show a switch as it is');
}

function standingOf({ queries }: ReleaseDeps, notice: ChannelNotice): Standing {
  if (notice.what === 'kill_on')
    return { isOn: queries.killSwitches().some(({ name, isOn }) => isOn && name === notice.name) };
  if (notice.what !== 'kill_off') return {};
  const { name } = notice;
  return { waits: queries.waitingReviews().findLast(({ of }) => of.target.killswitch === name) };
}

/** The notice that offers to switch off stops doing so once it is off. The rest of it stays. */
async function takeButtonAway(deps: ReleaseDeps, name: string, owed: Owed): Promise<void> {
  const subject = killNoticeOf(name);
  const place = deps.messages.find(subject);
  const thrown = lastKill(deps, name);
  if (!place || !thrown) return;
  const view = channelNotice({ what: 'kill_on', name, ...thrown });
  try {
    await edit(deps, { view, place, owed, overtakes: 'everybody' });
    deps.messages.forget(subject);
  } catch (error) {
    // An old button does no harm: pressing it says that the switch is off already.
    deps.log.warn({ err: error, subject }, 'An old button could not be taken away');
  }
}
