/** Registers as they are read for checking, without a database, and who signs their checkpoints. */
import { generateKeyPairSync } from 'node:crypto';
import type { AuditDraft } from '#domain/audit.ts';
import { checkpointText } from '#domain/checkpoint.ts';
import { type Instant, later, MINUTE_MS } from '#domain/time.ts';
import { type ChainedEntry, chain, GENESIS, leafHash } from '#store/chain.ts';
import { type Frontier, NO_LEAVES, rootOf, withLeaf } from '#store/merkle.ts';
import { createSigner, nameOf, type Signer } from '#store/signed-note.ts';
import { ana, noon } from '#test/support/builders.ts';

export const aSigner = (): Signer => createSigner(generateKeyPairSync('ed25519').privateKey);

export const anEntry = (about: Partial<AuditDraft> = {}): AuditDraft => ({
  at: noon,
  actor: ana.actor,
  action: 'promote',
  target: { service: 'support-agent', release: 12 },
  from: '2.3.3',
  to: '2.4.0',
  reason: 'the evidence is within its limits',
  outcome: 'done',
  ...about,
});

/** One entry a minute. */
export function aRegister(size: number): readonly ChainedEntry[] {
  const entries: ChainedEntry[] = [];
  for (let nth = 0; nth < size; nth += 1) {
    const draft = anEntry({ at: later(noon, nth * MINUTE_MS), reason: `change ${nth + 1}` });
    entries.push(chain(entries.at(-1), draft));
  }
  return entries;
}

export function checkpointOf(
  entries: readonly ChainedEntry[],
  signer: Signer,
  at: Instant = later(noon, entries.length * MINUTE_MS),
): string {
  const grow = (frontier: Frontier, { body }: ChainedEntry) => withLeaf(frontier, leafHash(body));
  const root = rootOf(entries.reduce(grow, NO_LEAVES)).toString('base64');
  const head = (entries.at(-1)?.hash ?? GENESIS).toString('hex');
  const origin = nameOf(signer.verifierKey);
  return signer.sign(checkpointText({ origin, size: entries.length, root, head, at }));
}
/** As `audit export` writes it. */
export const exported = (entries: readonly ChainedEntry[]) =>
  entries
    .map(
      ({ seq, prev, hash, body }) =>
        `{"seq":${seq},"prev":"${prev.toString('hex')}","hash":"${hash.toString('hex')}","body":${body}}\n`,
    )
    .join('');
