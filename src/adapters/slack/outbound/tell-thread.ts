import { post } from '#adapters/slack/outbound/post.ts';
import { isFailure, isMessageGone } from '#adapters/slack/outbound/slack-client.ts';
import { cardOf } from '#adapters/slack/outbound/subjects.ts';
import { postCardInstead, type ReleaseDeps } from '#adapters/slack/outbound/sync-card.ts';
import { isForEverybody, threadNote } from '#adapters/slack/views/thread-note.ts';
import type { ThreadNotice } from '#domain/effect.ts';
import type { Release } from '#domain/release.ts';
import { elapsedMs, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import { TryLater } from '#operations/reconcile.ts';
import type { Owed } from '#store/port.ts';

/** A note needs the card whose thread it stands in, so it waits for it. */
export async function tellThread(
  deps: ReleaseDeps,
  { release, notice, owed }: { release: Release; notice: ThreadNotice; owed: Owed },
): Promise<void> {
  const { messages, settings, doubts } = deps;
  const { id, service } = release.facts;
  const thread = messages.find(cardOf(id));
  if (!thread) throw new TryLater('The card is not there yet', patienceMs(deps, owed));
  const { people } = settings().services.get(service) ?? {};
  const view = threadNote(release.facts, notice, people);
  try {
    await post(deps, { thread, view, owed, broadcast: isForEverybody(notice) });
  } catch (error) {
    if (!isMessageGone(error) && !isFailure(error, 'channel_gone')) throw error;
    // The card was taken away, or its channel was: a new one is posted where that is possible.
    await postCardInstead(deps, release, { owed, missing: thread });
    doubts.isNotSent(owed);
    throw new TryLater('The thread is gone and begins anew', SOON_MS);
  }
}

const SOON_MS = SECOND_MS / 2;

/** Half a second, and longer the longer the card has been missing. */
const patienceMs = ({ clock }: ReleaseDeps, { owedAt }: Owed) =>
  Math.max(SOON_MS, Math.min(MINUTE_MS, elapsedMs(owedAt, clock()) / 4));
