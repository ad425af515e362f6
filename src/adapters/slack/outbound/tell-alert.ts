import { postInstead } from '#adapters/slack/outbound/living-message.ts';
import { post } from '#adapters/slack/outbound/post.ts';
import { isStillThere, readBackLater } from '#adapters/slack/outbound/read-back.ts';
import { isFailure, isMessageGone } from '#adapters/slack/outbound/slack-client.ts';
import { alertOf } from '#adapters/slack/outbound/subjects.ts';
import {
  alertMessage,
  type ReleaseDeps,
  refreshAlert,
} from '#adapters/slack/outbound/sync-card.ts';
import { alertFollowUp, isChangeOfState } from '#adapters/slack/views/alert-follow-up.ts';
import type { Alert } from '#domain/effect.ts';
import type { Release } from '#domain/release.ts';
import type { Owed, Place, Sent } from '#store/port.ts';

type Told = { readonly release: Release; readonly alert: Alert; readonly owed: Owed };

/** Told once; half a minute later it is looked whether it is there. */
export async function tellAlert(deps: ReleaseDeps, told: Told): Promise<void> {
  const { sent } = told.owed;
  if (!sent) return await tell(deps, told);
  if (!(await isLost(deps, told, sent))) return;
  const { release, owed } = told;
  deps.log.error({ subject: alertOf(release.facts.id) }, 'Slack lost an alert; it is told again');
  deps.doubts.isNotSent(owed);
  if (sent.threadTs === undefined) await raise(deps, { release, owed, missing: sent });
  else await tell(deps, told);
}

async function isLost(deps: ReleaseDeps, { release, owed }: Told, sent: Sent): Promise<boolean> {
  const current = deps.messages.find(alertOf(release.facts.id));
  // Meanwhile it may have been raised again for another reason, and says what is true now.
  if (sent.threadTs === undefined && current && current.ts !== sent.ts) return false;
  return !(await isStillThere(deps, owed, sent));
}

/** The first alert of a release stands in the channel; what follows goes to its thread. */
async function tell(deps: ReleaseDeps, told: Told): Promise<void> {
  const { release, alert, owed } = told;
  const thread = deps.messages.find(alertOf(release.facts.id));
  if (!thread) return await raise(deps, { release, owed });
  try {
    const { place } = await post(deps, {
      thread,
      view: alertFollowUp(release.facts.service, alert),
      owed,
      broadcast: isChangeOfState(alert),
      overtakes: 'others',
    });
    readBackLater(deps, owed, { ...place, threadTs: thread.ts });
  } catch (error) {
    if (!isMessageGone(error) && !isFailure(error, 'channel_gone')) throw error;
    deps.log.warn(
      { release: release.facts.id, err: error },
      'An alert is gone; it is raised again',
    );
    return await raise(deps, { release, owed, missing: thread });
  }
  await refreshAlert(deps, release, owed);
}

type Raising = { readonly release: Release; readonly owed: Owed; readonly missing?: Place };

async function raise(deps: ReleaseDeps, { release, owed, missing }: Raising): Promise<void> {
  const { channel, ts } = await postInstead(deps, alertMessage(deps, release, owed), missing);
  readBackLater(deps, owed, { channel, ts });
}
