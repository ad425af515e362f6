/**
 * Who belongs to a share of traffic. The algorithm is numbered and stored with each release and
 * flag, so that a later one can never move people about under a running release.
 */

export const BUCKETS = 10_000;
const BUCKETS_A_PERCENT = BUCKETS / 100;

const encoder = new TextEncoder();

/** Other people go first for another candidate, the same ones when a candidate is tried again. */
export const releaseGroup = (service: string, candidate: string) =>
  `${service}.version@${candidate}`;

/**
 * Bucketing number 1. Whole percents come from the low digits of the hash, as Unleash's
 * `flexibleRollout` reads them, so both doors give the same people the same answer.
 */
export function bucketOf(group: string, targetingKey: string): number {
  const hash = murmur3(encoder.encode(`${group}:${targetingKey}`));
  return (hash % 100) * 100 + (Math.floor(hash / 100) % 100);
}

/** Does this key belong to the first `percent` of its group? Raising it never takes anyone out. */
export const isWithin = (percent: number, group: string, targetingKey: string) =>
  bucketOf(group, targetingKey) < percent * BUCKETS_A_PERCENT;

/** MurmurHash3 x86 32-bit, as an unsigned number. */
export function murmur3(bytes: Uint8Array, seed = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tailAt = bytes.length - (bytes.length % 4);
  let hash = seed;
  for (let at = 0; at < tailAt; at += 4) {
    hash ^= scramble(view.getUint32(at, true));
    hash = (hash << 13) | (hash >>> 19);
    hash = Math.imul(hash, 5) + 0xe6546b64;
  }
  let tail = 0;
  for (let at = bytes.length - 1; at >= tailAt; at -= 1) {
    tail = (tail << 8) | view.getUint8(at);
  }
  hash ^= scramble(tail);
  return finish(hash ^ bytes.length);
}

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

/** The final avalanche: each bit of the input gets a say in each bit of the result. */
function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
