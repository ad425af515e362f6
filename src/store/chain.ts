import { type AuditDraft, auditBody, canonicalJson } from '#domain/audit.ts';
import type { Request } from '#store/port.ts';
import { sha256 } from '#store/sha256.ts';
import { SIGNALMAN_VERSION } from '#store/signalman-version.ts';

/** One line of the register as it is stored. */
export type ChainedEntry = {
  readonly seq: number;
  readonly at: string;
  readonly body: string;
  readonly prev: Buffer;
  readonly hash: Buffer;
};

export const GENESIS = Buffer.alloc(32);

/**
 * leaf = SHA-256(0x00, body). The byte in front keeps a body from ever being taken for an inner node
 * of the Merkle tree (RFC 6962). The stored bytes are hashed, never a second serialisation.
 */
export const leafHash = (body: string) => sha256(`\0${body}`);

/** hash = SHA-256(prev, leaf): what the next entry goes on from. */
export const linkHash = (prev: Uint8Array, leaf: Uint8Array) => sha256(Buffer.concat([prev, leaf]));

/** What an entry says of the request beside the decision. */
export type AskedBy = Pick<Request, 'origin' | 'inboxKey'>;

/** The next entry of the register: numbered, in canonical form, and chained to the last one. */
export function chain(
  last: { readonly seq: number; readonly hash: Buffer } | undefined,
  draft: AuditDraft,
  { origin, inboxKey }: AskedBy = {},
): ChainedEntry {
  const circumstances = {
    ...(origin && { origin }),
    ...(inboxKey !== undefined && { request: inboxKey }),
    signalman: SIGNALMAN_VERSION,
  };
  const body = canonicalJson(auditBody(draft, circumstances));
  const prev = last?.hash ?? GENESIS;
  return {
    seq: (last?.seq ?? 0) + 1,
    at: new Date(draft.at).toISOString(),
    body,
    prev,
    hash: linkHash(prev, leafHash(body)),
  };
}
