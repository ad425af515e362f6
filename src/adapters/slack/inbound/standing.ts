import type { AnswerDeps, Asking } from '#adapters/slack/inbound/deps.ts';
import type { Asker } from '#domain/actor.ts';
import { needsFreshRoles, type Permission } from '#domain/permission.ts';

/** Stopping something never waits longer than this for Slack. */
const STOP_MS_MAX = 300;
/** The rest may take longer, but the acknowledgement is due after two seconds. */
const FRESH_MS_MAX = 1_500;

/** The person with what is known of them, read anew when what they ask lets more through. */
export async function askerOf(
  { directory }: Pick<AnswerDeps, 'directory'>,
  { person }: Asking,
  permission: Permission,
  service?: string,
): Promise<Asker> {
  const { userId, teamId } = person;
  const fresh = needsFreshRoles(permission);
  const { name: _, ...standing } = await directory.lookUp(userId, teamId, {
    fresh,
    withinMs: fresh ? FRESH_MS_MAX : STOP_MS_MAX,
    ...(service !== undefined && { service }),
  });
  return { actor: { kind: 'user', id: userId }, ...standing };
}
