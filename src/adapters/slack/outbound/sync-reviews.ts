import { bringUpToDate } from '#adapters/slack/outbound/living-message.ts';
import { reminderOf } from '#adapters/slack/outbound/subjects.ts';
import type { ReleaseDeps } from '#adapters/slack/outbound/sync-card.ts';
import { reviewReminder } from '#adapters/slack/views/review.ts';
import type { Instant } from '#domain/time.ts';
import type { Owed } from '#store/port.ts';

/** What waits at the moment of telling; by then all of it may have been reviewed. */
export async function syncReviews(deps: ReleaseDeps, at: Instant, owed: Owed): Promise<void> {
  const subject = reminderOf(at);
  const waiting = deps.queries.waitingReviews();
  if (waiting.length === 0 || deps.messages.find(subject)) return;
  const view = reviewReminder(waiting);
  await bringUpToDate(deps, { subject, channel: deps.settings().channel, view, owed });
}
