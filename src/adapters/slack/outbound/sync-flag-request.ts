import { bringUpToDate } from '#adapters/slack/outbound/living-message.ts';
import { endOfRequest } from '#adapters/slack/outbound/register.ts';
import { requestOf } from '#adapters/slack/outbound/subjects.ts';
import type { ReleaseDeps } from '#adapters/slack/outbound/sync-card.ts';
import { flagRequest } from '#adapters/slack/views/flag-request.ts';
import type { Owed } from '#store/port.ts';

type Asked = { readonly flag: string; readonly request: number; readonly owed: Owed };

/** Brings the message of a request to raise a flag up to date: open, or how it ended. */
export async function syncFlagRequest(
  deps: ReleaseDeps,
  { flag: key, request, owed }: Asked,
): Promise<void> {
  const flag = deps.queries.flag(key);
  if (!flag) return;
  const { people, channel } = deps.settings();
  const ended = flag.request?.id === request ? undefined : endOfRequest(deps, flag, request);
  await bringUpToDate(deps, {
    subject: requestOf(key, request),
    channel,
    view: flagRequest({ flag, request, people, ...(ended && { ended }) }),
    owed,
  });
}
