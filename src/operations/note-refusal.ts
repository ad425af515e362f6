import type { AuditTarget } from '#domain/audit.ts';
import type { Refusal } from '#domain/refusal.ts';
import { no, yes } from '#domain/result.ts';
import type { Clock } from '#operations/clock.ts';
import { refused } from '#operations/refused-entry.ts';
import { type Asked, requestOf } from '#operations/request-of.ts';
import type { ChangeStore } from '#store/port.ts';

export type NoteDeps = { readonly store: ChangeStore; readonly clock: Clock };

/** Refusals that are about nothing that could be loaded stand in the register by themselves. */
const REFUSALS = { kind: 'register', name: 'refusals' } as const;

/**
 * What was refused before anything could be decided on. A decision that refused has left its entry
 * under the same key already, and then nothing is added.
 */
export async function noteRefusal(
  { store, clock }: NoteDeps,
  refusal: Refusal,
  { action, target, ...asked }: Asked & { readonly action: string; readonly target: AuditTarget },
): Promise<void> {
  const at = clock();
  const about = { at, actor: asked.by.actor, action, target };
  await store.change(REFUSALS, () => no(refused(refusal, about)), requestOf(asked, at));
}

/** A command that could not be read changes nothing, but somebody asked for something. */
export async function noteMisread(
  { store, clock }: NoteDeps,
  { typed, problem, ...asked }: Asked & { readonly typed: string; readonly problem: string },
): Promise<void> {
  const at = clock();
  const audit = {
    at,
    actor: asked.by.actor,
    action: 'command',
    target: {},
    from: '',
    to: '',
    reason: problem,
    outcome: 'refused',
    details: { typed },
  } as const;
  await store.change(REFUSALS, () => yes({ next: null, owes: [], audit }), requestOf(asked, at));
}
