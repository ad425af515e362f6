import type { AnswerDeps, Asking } from '#adapters/slack/inbound/deps.ts';
import { elsewhere } from '#adapters/slack/inbound/places.ts';
import type { Actor, Asker, Origin } from '#domain/actor.ts';
import { otherNamesOf } from '#domain/identity.ts';
import { needsFreshRoles, type Permission } from '#domain/permission.ts';

/** Stopping something never waits longer than this for Slack. */
const STOP_MS_MAX = 300;
/** The rest may take longer, but the acknowledgement is due after two seconds. */
const FRESH_MS_MAX = 1_500;

/** The person with what is known of them, read anew when what they ask lets more through. */
export async function askerOf(
  deps: Pick<AnswerDeps, 'directory' | 'settings' | 'channelId'>,
  asking: Asking,
  permission: Permission,
  service?: string,
): Promise<Asker> {
  const { userId, teamId } = asking.person;
  const fresh = needsFreshRoles(permission);
  const { name: _, ...standing } = await deps.directory.lookUp(userId, teamId, {
    fresh,
    withinMs: fresh ? FRESH_MS_MAX : STOP_MS_MAX,
    ...(service !== undefined && { service }),
  });
  const { actor, origin } = whoAsks(asking);
  const places = elsewhere(deps, asking.place, service);
  return {
    actor,
    origin,
    ...standing,
    knownAs: otherNamesOf(deps.settings().identities, actor),
    ...(places && { elsewhere: places }),
  };
}

/** Who asks and by which way, as far as the delivery itself tells. */
export function whoAsks({ person, place, message }: Asking): {
  readonly actor: Actor;
  readonly origin: Origin;
} {
  const channel = place instanceof Object ? { channel: place.channelId } : {};
  return {
    actor: { kind: 'user', id: person.userId },
    origin: { via: 'slack', team: person.teamId, ...channel, ...(message && { message }) },
  };
}
