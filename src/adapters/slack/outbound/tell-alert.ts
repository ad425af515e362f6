import { postInstead } from '#adapters/slack/outbound/living-message.ts';
import { post } from '#adapters/slack/outbound/post.ts';
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
import { SECOND_MS } from '#domain/time.ts';
import { TryLater } from '#operations/reconcile.ts';
import type { Owed, Place } from '#store/port.ts';

export type AlertDeps = ReleaseDeps & {
  /** Does something later, should the process still be there. */
  readonly after: (ms: number, work: () => Promise<void>) => void;
};

type Told = { readonly release: Release; readonly alert: Alert; readonly owed: Owed };

/** The first alert of a release stands in the channel; what follows goes to its thread. */
export async function tellAlert(deps: AlertDeps, told: Told): Promise<void> {
  const { release, alert, owed } = told;
  const thread = deps.messages.find(alertOf(release.facts.id));
  if (!thread) return await raise(deps, { release, owed });
  try {
    await post(deps, {
      thread,
      view: alertFollowUp(release.facts.service, alert),
      owed,
      broadcast: isChangeOfState(alert),
      overtakes: true,
    });
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
type Raised = { readonly release: Release; readonly owed: Owed; readonly place: Place };

async function raise(deps: AlertDeps, { release, owed, missing }: Raising): Promise<void> {
  const place = await postInstead(deps, alertMessage(deps, release, owed), missing);
  readBackLater(deps, { release, owed, place });
}

const READ_BACK_MS = 30 * SECOND_MS;

/** Slack has been seen to say ok and lose the message; an alert is worth a second look. */
function readBackLater(deps: AlertDeps, raised: Raised): void {
  deps.after(READ_BACK_MS, async () => {
    try {
      await readBack(deps, raised);
    } catch (error) {
      deps.log.warn({ err: error }, 'An alert could not be read back');
      if (isFailure(error, 'unclear', 'limited') || error instanceof TryLater)
        readBackLater(deps, raised);
    }
  });
}

async function readBack(deps: AlertDeps, { release, owed, place }: Raised): Promise<void> {
  const { client, messages, log, doubts, queries } = deps;
  const { channel, ts } = place;
  const { messages: found } = await client.history({ channel, oldest: ts, latest: ts });
  const subject = alertOf(release.facts.id);
  // Meanwhile it may have been raised again for another reason.
  if (found.some((message) => message.ts === ts) || messages.find(subject)?.ts !== ts) return;
  log.error({ subject }, 'Slack lost an alert; it is raised again');
  doubts.isNotSent(owed);
  const now = queries.release(release.facts.id) ?? release;
  await raise(deps, { release: now, owed, missing: place });
}
