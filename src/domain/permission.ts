import type { Asker } from '#domain/actor.ts';
import type { Refusal } from '#domain/refusal.ts';

/** Who may do what. Whatever increases exposure names a role; any full member may stop. */
const NEEDED = {
  start: 'operator',
  promote: 'operator',
  resume: 'operator',
  unlock: 'operator',
  approve: 'approver',
  flag_raise: 'operator',
  kill_off: 'operator',
  decline: 'member',
  pause: 'member',
  rollback: 'member',
  abort: 'member',
  end_recovery: 'operator',
  acknowledge: 'member',
  flag_lower: 'member',
  kill_on: 'member',
} as const;
export type Permission = keyof typeof NEEDED;

/** Why this asker may not, or undefined when they may. */
export function whyNot(asker: Asker, permission: Permission): Refusal | undefined {
  const needed = NEEDED[permission];
  const { membership } = asker;
  if (membership === 'guest' || membership === 'bot' || membership === 'stranger')
    return { code: 'not_a_member', membership };
  if (needed === 'member') return undefined;
  if (membership === 'unknown' || !asker.fresh) return { code: 'roles_unreadable', needed };
  if (!asker[needed]) return { code: 'role_needed', needed };
  // What lets more through is done where those see it who have to live with it.
  return asker.elsewhere && { code: 'wrong_place', places: asker.elsewhere };
}

/** Roles are read afresh for these, so that somebody who was just removed cannot let more through. */
export const needsFreshRoles = (permission: Permission) => NEEDED[permission] !== 'member';
