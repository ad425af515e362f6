import type { Asker } from '#domain/actor.ts';
import type { Refusal } from '#domain/refusal.ts';

/**
 * Who may do what. Whatever increases exposure names a role; any full member may stop. A reviewer
 * is whoever has one of the two roles.
 */
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
  review: 'reviewer',
} as const;
export type Permission = keyof typeof NEEDED;
export type Role = Exclude<(typeof NEEDED)[Permission], 'member'>;

/** Why this asker may not, or undefined when they may. */
export function whyNot(asker: Asker, permission: Permission): Refusal | undefined {
  const needed = NEEDED[permission];
  const { membership } = asker;
  if (membership === 'guest' || membership === 'bot' || membership === 'stranger')
    return { code: 'not_a_member', membership };
  if (needed === 'member') return undefined;
  if (membership === 'unknown' || !asker.fresh) return { code: 'roles_unreadable', needed };
  if (!hasRole(asker, needed)) return { code: 'role_needed', needed };
  // What lets more through is done where those see it who have to live with it.
  return asker.elsewhere && { code: 'wrong_place', places: asker.elsewhere };
}

export const hasRole = ({ operator, approver }: Pick<Asker, 'operator' | 'approver'>, role: Role) =>
  ({ operator, approver, reviewer: operator || approver })[role];

/** Roles are read afresh for these, so that somebody who was just removed cannot let more through. */
export const needsFreshRoles = (permission: Permission) => NEEDED[permission] !== 'member';
