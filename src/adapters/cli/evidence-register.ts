/** How the register stood when a document was written from it. */
import { checkWords } from '#adapters/cli/audit-verify-words.ts';
import { instantText } from '#adapters/cli/evidence-counts.ts';
import type { RegisterCheck } from '#store/check-register.ts';

export function registerStand(check: RegisterCheck, verifierKey: string | undefined) {
  const { status, lines } = checkWords(check, verifierKey);
  const { says } = check;
  if (says !== 'intact') return { says, status, lines, checkpoint: null };
  const { entries, head, checkpoint } = check;
  const { size, root, at } = checkpoint;
  return { says, status, lines, entries, head, checkpoint: { size, root, at: instantText(at) } };
}

export type RegisterStand = ReturnType<typeof registerStand>;
