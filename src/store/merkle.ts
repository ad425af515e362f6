import { sha256 } from '#store/sha256.ts';

/**
 * All that a Merkle tree has to remember in order to grow: the roots of the full subtrees that its
 * leaves make up, the largest first. A root costs as many hashes as there are of them.
 */
export type Frontier = { readonly size: number; readonly nodes: readonly Buffer[] };

export const NO_LEAVES: Frontier = { size: 0, nodes: [] };
const INNER = Buffer.from([1]);

/** One leaf more. It completes a subtree for each trailing 1 of the number of leaves in binary. */
export function withLeaf({ size, nodes }: Frontier, leaf: Buffer): Frontier {
  let full = nodes.length;
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) full -= 1;
  const node = nodes.slice(full).reduceRight((right, left) => innerNode(left, right), leaf);
  return { size: size + 1, nodes: [...nodes.slice(0, full), node] };
}

/** The Merkle tree hash of RFC 6962. */
export function rootOf({ nodes }: Frontier): Buffer {
  const [last, ...larger] = nodes.toReversed();
  if (!last) return sha256('');
  return larger.reduce((right, left) => innerNode(left, right), last);
}

const innerNode = (left: Buffer, right: Buffer) => sha256(Buffer.concat([INNER, left, right]));
