import type { AuditDraft } from '#domain/audit.ts';
import type { Effect } from '#domain/effect.ts';
import type { Refusal } from '#domain/refusal.ts';
import { no, yes } from '#domain/result.ts';
import { type NoteDeps, noteRefusal } from '#operations/note-refusal.ts';

type Asked = Pick<AuditDraft, 'actor' | 'action' | 'target'> & { readonly inboxKey: string };
type Drilled = Asked & Pick<AuditDraft, 'outcome' | 'reason' | 'details'>;

/** A drill changes nothing, but it shows at any later time that the way was tried, and how fast. */
export async function noteDrill(
  { store, clock }: NoteDeps,
  { inboxKey, ...drilled }: Drilled,
  owes: readonly Effect[] = [],
): Promise<void> {
  const at = clock();
  const audit = { at, from: '', to: '', ...drilled };
  const drills = { kind: 'register', name: 'drills' } as const;
  await store.change(drills, () => yes({ next: null, audit, owes }), { at, inboxKey });
}

export async function refuse(deps: NoteDeps, refusal: Refusal, asked: Asked) {
  await noteRefusal(deps, refusal, asked);
  return no(refusal);
}
