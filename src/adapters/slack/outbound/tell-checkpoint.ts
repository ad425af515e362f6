import { post } from '#adapters/slack/outbound/post.ts';
import type { ReleaseDeps } from '#adapters/slack/outbound/sync-card.ts';
import { checkpointNotice } from '#adapters/slack/views/checkpoint-notice.ts';
import type { Owed } from '#store/port.ts';

/** Into the channel that keeps checkpoints; one that is no longer configured is owed nothing. */
export async function tellCheckpoint(
  deps: ReleaseDeps,
  { note, owed }: { readonly note: string; readonly owed: Owed },
): Promise<void> {
  const { channel } = deps.settings().audit;
  if (channel !== undefined) await post(deps, { channel, view: checkpointNotice(note), owed });
}
