import { bringUpToDate } from '#adapters/slack/outbound/living-message.ts';
import { digestOf } from '#adapters/slack/outbound/subjects.ts';
import type { ReleaseDeps } from '#adapters/slack/outbound/sync-card.ts';
import { digest } from '#adapters/slack/views/digest.ts';
import { isOverdue } from '#domain/review.ts';
import type { Instant } from '#domain/time.ts';
import type { Owed } from '#store/port.ts';

/** What is in flight at the moment of telling, which may be later than it was due. */
export async function syncDigest(deps: ReleaseDeps, at: Instant, owed: Owed): Promise<void> {
  const subject = digestOf(at);
  const releases = deps.queries.services().flatMap(({ live }) => (live ? [live] : []));
  const overdue = deps.queries.waitingReviews().filter((review) => isOverdue(review, at));
  if (releases.length + overdue.length === 0 || deps.messages.find(subject)) return;
  const switchesOn = deps.queries.killSwitches().filter(({ isOn }) => isOn);
  const view = digest({ releases, switchesOn: switchesOn.map(({ name }) => name), overdue });
  await bringUpToDate(deps, { subject, channel: deps.settings().channel, view, owed });
}
