import type { Actor } from '#domain/actor.ts';
import type { AuditDraft, AuditTarget } from '#domain/audit.ts';
import type { Refusal } from '#domain/refusal.ts';
import type { Instant } from '#domain/time.ts';
import type { Refused } from '#store/port.ts';

type Asked = {
  readonly at: Instant;
  readonly actor: Actor;
  readonly action: string;
  readonly target: AuditTarget;
};

/**
 * What people and callers are refused stands in the register too. The machine's own attempts do
 * not: a poll that comes too late for a release is no event that anybody looks for.
 */
export function refused(refusal: Refusal, { at, actor, action, target }: Asked): Refused {
  if (actor.kind === 'policy' || actor.kind === 'clock') return { refusal };
  const audit: AuditDraft = {
    at,
    actor,
    action,
    target,
    from: '',
    to: '',
    reason: refusal.code,
    outcome: 'refused',
  };
  return { refusal, audit };
}
