import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BUCKETS, bucketOf, isWithin, murmur3, releaseGroup } from '#domain/bucketing.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** The hash of Unleash's JavaScript SDK, which reads characters where we read UTF-8. */
const unleashHash: (text: string, seed: number) => number = createRequire(
  createRequire(import.meta.url).resolve('unleash-client'),
)('murmurhash3js').x86.hash32;

describe('murmur3', () => {
  test.each([
    ['', 0, 0],
    ['', 1, 0x514e28b7],
    ['', 0xffffffff, 0x81f16f39],
    ['test', 0, 0xba6bd213],
    ['test', 0x9747b28c, 0x704b81dc],
    ['Hello, world!', 0, 0xc0363e43],
    ['Hello, world!', 0x9747b28c, 0x24884cba],
    ['The quick brown fox jumps over the lazy dog', 0, 0x2e4ff723],
    ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 0x2fa826cd],
    ['aaaa', 0x9747b28c, 0x5a97808a],
    ['aaa', 0x9747b28c, 0x283e0130],
    ['aa', 0x9747b28c, 0x5d211726],
    ['a', 0x9747b28c, 0x7fa09ea6],
    ['ππππππππ', 0x9747b28c, 0xd58063c1],
  ])('of “%s” with seed %i is the published value', (text, seed, expected) => {
    expect(murmur3(bytes(text), { seed })).toBe(expected);
  });

  test('reads little-endian blocks whatever the offset of the bytes', () => {
    const [padded, plain] = [bytes('xxhello, world'), bytes('hello, world')];
    expect(murmur3(padded.subarray(2))).toBe(murmur3(plain));
  });

  test('agrees with Unleash’s SDK for every ASCII text', () => {
    const ascii = fc.string({ unit: 'binary-ascii', maxLength: 80 });
    fc.assert(
      fc.property(ascii, (text) => {
        expect(murmur3(bytes(text))).toBe(unleashHash(text, 0));
      }),
      { numRuns: 2_000 },
    );
  });
});

const anyKey = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
const anyGroup = fc.oneof(anyKey, fc.constant(releaseGroup('support-agent', '2.4.0')));
const anyPercent = fc.integer({ min: 0, max: 100 });

describe('a share of traffic', () => {
  test('is the same for a key of any length, whatever was asked before', () => {
    const anyLength = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3_000 });
    fc.assert(
      fc.property(anyLength, (key) => {
        const hash = murmur3(bytes(`new-search:${key}`));
        const expected = (hash % 100) * 100 + (Math.floor(hash / 100) % 100);
        expect(bucketOf('new-search', key)).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });

  test('never loses anyone while it grows, for any Unicode key', () => {
    fc.assert(
      fc.property(anyGroup, anyKey, anyPercent, anyPercent, (group, key, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        if (isWithin(less, group, key)) expect(isWithin(more, group, key)).toBe(true);
        expect(isWithin(0, group, key)).toBe(false);
        expect(isWithin(100, group, key)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is for whole percents what Unleash’s flexibleRollout gives', () => {
    const ascii = fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(ascii, ascii, anyPercent, (group, key, percent) => {
        const isEnabled = (unleashHash(`${group}:${key}`, 0) % 100) + 1 <= percent;
        expect(isWithin(percent, group, key)).toBe(isEnabled);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is spread evenly over ten thousand buckets', () => {
    const hits = new Array<number>(BUCKETS).fill(0);
    for (let user = 0; user < 200_000; user += 1) {
      const bucket = bucketOf('new-search', `user-${user}`);
      hits[bucket] = (hits[bucket] ?? 0) + 1;
    }
    expect(hits).toHaveLength(BUCKETS);
    // Twenty a bucket, give or take: beyond these a fair hash goes once in a few thousand tries.
    expect(Math.min(...hits)).toBeGreaterThan(1);
    expect(Math.max(...hits)).toBeLessThan(50);
  });

  test('keeps its people when a candidate is tried again, and has others for another one', () => {
    const within = (candidate: string) =>
      Array.from({ length: 4_000 }, (_, n) => `user-${n}`).filter((key) =>
        isWithin(10, releaseGroup('support-agent', candidate), key),
      );
    const [first, other] = [within('2.4.0'), new Set(within('2.4.1'))];
    expect(within('2.4.0')).toEqual(first);
    const inBoth = first.filter((key) => other.has(key));
    expect(inBoth.length / first.length).toBeLessThan(0.2);
  });
});
