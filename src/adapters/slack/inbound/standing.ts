import type { AnswerDeps, Asking } from '#adapters/slack/inbound/deps.ts';
import { elsewhere } from '#adapters/slack/inbound/places.ts';
import type { Actor, Asker } from '#domain/actor.ts';
import { otherNamesOf } from '#domain/identity.ts';
import { needsFreshRoles, type Permission } from '#domain/permission.ts';

/** Stopping something never waits longer than this for Slack. */
const STOP_MS_MAX = 300;
/** The rest may take longer, but the acknowledgement is due after two seconds. */
const FRESH_MS_MAX = 1_500;

/** The person with what is known of them, read anew when what they ask lets more through. */
export async function askerOf(
  deps: Pick<AnswerDeps, 'directory' | 'settings' | 'channelId'>,
  { person, place }: Asking,
  permission: Permission,
  service?: string,
): Promise<Asker> {
  const { userId, teamId } = person;
  const fresh = needsFreshRoles(permission);
  const { name: _, ...standing } = await deps.directory.lookUp(userId, teamId, {
    fresh,
    withinMs: fresh ? FRESH_MS_MAX : STOP_MS_MAX,
    ...(service !== undefined && { service }),
  });
  const actor: Actor = { kind: 'user', id: userId };
  const places = elsewhere(deps, place, service);
  return {
    actor,
    ...standing,
    knownAs: otherNamesOf(deps.settings().identities, actor),
    ...(places && { elsewhere: places }),
  };
}
