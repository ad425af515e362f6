import type { AuditDraft } from '#domain/audit.ts';
import type { Effect } from '#domain/effect.ts';
import type { Refusal } from '#domain/refusal.ts';
import { no, yes } from '#domain/result.ts';
import { type NoteDeps, noteRefusal } from '#operations/note-refusal.ts';
import { type Asked as AskedBy, requestOf } from '#operations/request-of.ts';

type Asked = AskedBy & Pick<AuditDraft, 'action' | 'target'>;
type Drilled = Asked & Pick<AuditDraft, 'outcome' | 'reason' | 'details'>;

/** A drill changes nothing, but it shows at any later time that the way was tried, and how fast. */
export async function noteDrill(
  { store, clock }: NoteDeps,
  { by, inboxKey, ...drilled }: Drilled,
  owes: readonly Effect[] = [],
): Promise<void> {
  const at = clock();
  const audit = { at, actor: by.actor, from: '', to: '', ...drilled };
  const drills = { kind: 'register', name: 'drills' } as const;
  const request = requestOf({ by, inboxKey }, at);
  await store.change(drills, () => yes({ next: null, audit, owes }), request);
}

export async function refuse(deps: NoteDeps, refusal: Refusal, asked: Asked) {
  await noteRefusal(deps, refusal, asked);
  return no(refusal);
}
