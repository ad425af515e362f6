/**
 * Who belongs to a share of traffic. The algorithm is numbered and stored with each release and
 * flag, so that a later one can never move people about under a running release.
 */

export const BUCKETS = 10_000;
const BUCKETS_A_PERCENT = BUCKETS / 100;

const encoder = new TextEncoder();
/** Written and read within one call: a fresh buffer for every key would cost five times as much. */
const scratch = new Uint8Array(4_096);
const BYTES_A_CHARACTER_MAX = 3;

/** Other people go first for another candidate, the same ones when a candidate is tried again. */
export const releaseGroup = (service: string, candidate: string) =>
  `${service}.version@${candidate}`;

/**
 * Bucketing number 1. Whole percents come from the low digits of the hash, as Unleash's
 * `flexibleRollout` reads them, so both doors give the same people the same answer.
 */
export function bucketOf(group: string, targetingKey: string): number {
  const hash = hashText(`${group}:${targetingKey}`);
  return (hash % 100) * 100 + (Math.floor(hash / 100) % 100);
}

/** Does this key belong to the first `percent` of its group? Raising it never takes anyone out. */
export const isWithin = (percent: number, group: string, targetingKey: string) =>
  bucketOf(group, targetingKey) < percent * BUCKETS_A_PERCENT;

function hashText(text: string): number {
  if (text.length * BYTES_A_CHARACTER_MAX > scratch.length) return murmur3(encoder.encode(text));
  const { written } = encoder.encodeInto(text, scratch);
  return murmur3(scratch, { length: written });
}

/** MurmurHash3 x86 32-bit, as an unsigned number, of the first `length` bytes. */
export function murmur3(
  bytes: Uint8Array,
  { seed = 0, length = bytes.length }: { seed?: number; length?: number } = {},
): number {
  const at = (index: number) => bytes[index] as number;
  const tailAt = length - (length % 4);
  let hash = seed;
  for (let i = 0; i < tailAt; i += 4) {
    hash ^= scramble(at(i) | (at(i + 1) << 8) | (at(i + 2) << 16) | (at(i + 3) << 24));
    hash = (hash << 13) | (hash >>> 19);
    hash = Math.imul(hash, 5) + 0xe6546b64;
  }
  let tail = 0;
  for (let i = length - 1; i >= tailAt; i -= 1) tail = (tail << 8) | at(i);
  return finish(hash ^ scramble(tail) ^ length);
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
