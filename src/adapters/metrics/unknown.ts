import type { Reading, UnknownReason } from '#domain/evidence.ts';
import { no } from '#domain/result.ts';

/** Why there is no reading, for programs and in words. */
export type Unknown = { readonly reason: UnknownReason; readonly detail: string };

export const unknown = (reason: UnknownReason, detail: string) => no<Unknown>({ reason, detail });
export const asReading = ({ reason, detail }: Unknown): Reading => ({
  says: 'unknown',
  reason,
  detail,
});
