import { bringUpToDate } from '#adapters/slack/outbound/living-message.ts';
import { welcomeOf } from '#adapters/slack/outbound/subjects.ts';
import type { ReleaseDeps } from '#adapters/slack/outbound/sync-card.ts';
import { WELCOME } from '#adapters/slack/views/welcome.ts';
import type { Owed } from '#store/port.ts';

/** Said once in each channel, and left as it was said. */
export async function syncWelcome(deps: ReleaseDeps, channel: string, owed: Owed): Promise<void> {
  const subject = welcomeOf(channel);
  if (deps.messages.find(subject)) return;
  await bringUpToDate(deps, { subject, channel, view: WELCOME, owed });
}
